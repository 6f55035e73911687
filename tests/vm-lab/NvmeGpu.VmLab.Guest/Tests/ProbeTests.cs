using System;
using System.IO;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>What the probe says of guests of which we know the truth.</summary>
internal static class ProbeTests
{
    public static void The_probe_finds_that_io_uring_and_passthrough_are_there(GuestContext context)
    {
        GpuDirectCapability capability = context.Capability;
        Expect(capability, CapabilityCheckId.IoUring, CapabilityOutcome.Ok);
        Expect(capability, CapabilityCheckId.BigEntries, CapabilityOutcome.Ok);
        Expect(capability, CapabilityCheckId.UringCommand, CapabilityOutcome.Ok);
        Expect(capability, CapabilityCheckId.NvmeCharDevice, CapabilityOutcome.Ok);
        Check.That(
            capability.For(NativeReadPath.RegisteredMappedRead).IsAvailable, capability.ToString());
    }

    public static void The_probe_finds_that_the_kernel_has_peer_to_peer_DMA(GuestContext context) => Expect(
        context.Capability, CapabilityCheckId.PeerToPeerKernel, CapabilityOutcome.Ok);

    public static void The_probe_finds_that_the_kernel_lacks_peer_to_peer_DMA(GuestContext context) => Expect(
        context.Capability, CapabilityCheckId.PeerToPeerKernel, CapabilityOutcome.Missing);

    public static void The_probe_finds_no_IOMMU_in_the_way(GuestContext context) => Expect(
        context.Capability, CapabilityCheckId.Iommu, CapabilityOutcome.Ok);

    public static void The_probe_finds_that_the_IOMMU_translates(GuestContext context) => Expect(
        context.Capability, CapabilityCheckId.Iommu,
        CapabilityOutcome.Missing);

    public static void The_trial_read_of_the_probe_is_proven_on_the_drive(GuestContext context) => Expect(
        context.Capability, CapabilityCheckId.TrialRead,
        CapabilityOutcome.Proven);

    public static void The_probe_proves_both_paths_into_peer_memory(GuestContext context)
    {
        foreach (PathCapability path in PeerPaths(context.Capability))
        {
            Check.That(path.IsProven && path.IsAvailable && path.FirstMissing is null, $"{path}");
            ExpectReason(path, "Two different blocks of ");
            ExpectReason(path, Path.GetFileName(context.Peer.PciFunction()));
        }
        // By the namespace's own device too: commands need neither a file nor a filesystem.
        PathCapability commands = GpuDirectCapability.Probe(context.Data.CharPath)
            .For(NativeReadPath.GpuDirectNvmePassthrough);
        Check.That(commands.IsProven, $"{commands}");
    }

    public static void The_probe_says_that_bytes_for_peer_memory_never_arrive(GuestContext context)
    {
        foreach (PathCapability path in PeerPaths(context.Capability))
        {
            Check.That(!path.IsProven && !path.IsAvailable, $"{path}");
            Check.Equal(CapabilityCheckId.Iommu, path.FirstMissing?.Id, "what is missing first");
            Check.Equal(CapabilityOutcome.Missing, path.Trial.Outcome, "the trial read");
            ExpectReason(path, "it never arrived");
            ExpectReason(path, "iommu=pt");
        }
    }

    public static void The_probe_says_that_the_drive_does_not_reach_peer_memory(GuestContext context)
    {
        foreach (PathCapability path in PeerPaths(context.Capability))
        {
            Check.That(!path.IsProven && !path.IsAvailable, $"{path}");
            Check.Equal(CapabilityCheckId.TrialRead, path.FirstMissing?.Id, "what is missing first");
            Check.Equal(CapabilityOutcome.Missing, path.Trial.Outcome, "the trial read");
            ExpectReason(path, "The drive does not reach this memory");
        }
    }

    public static void The_probe_refuses_peer_paths_with_the_kernels_lack_as_the_reason(GuestContext context)
    {
        foreach (PathCapability path in PeerPaths(context.Capability))
        {
            Check.That(!path.IsProven && !path.IsAvailable, $"{path}");
            Check.Equal(CapabilityCheckId.PeerToPeerKernel, path.FirstMissing?.Id, "what is missing first");
            ExpectReason(path, "was not tried");
        }
    }

    private static PathCapability[] PeerPaths(GpuDirectCapability capability) =>
    [
        capability.For(NativeReadPath.GpuDirectNvmePassthrough),
        capability.For(NativeReadPath.PeerDirectFileRead),
    ];

    private static void ExpectReason(PathCapability path, string words) => Check.That(
        path.Reason.Contains(words, StringComparison.Ordinal),
        $"the reason for {path.Path} does not say '{words}': {path.Reason}");

    private static void Expect(GpuDirectCapability capability, string id, CapabilityOutcome expected)
    {
        CapabilityCheck check = capability.Find(id);
        Check.That(
            check.Outcome == expected, $"{id} is {check.Outcome} and not {expected}: {check.Detail}");
    }
}
