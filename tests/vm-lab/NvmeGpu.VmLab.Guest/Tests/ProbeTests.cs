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

    private static void Expect(GpuDirectCapability capability, string id, CapabilityOutcome expected)
    {
        CapabilityCheck check = capability.Find(id);
        Check.That(
            check.Outcome == expected, $"{id} is {check.Outcome} and not {expected}: {check.Detail}");
    }
}
