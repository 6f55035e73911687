using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>What the NVIDIA driver's files say, on made-up trees.</summary>
public class NvidiaTests
{
    [Theory]
    [InlineData("595.44.02", CapabilityOutcome.Ok)]
    [InlineData("595.44", CapabilityOutcome.Ok)]
    [InlineData("610.1.1", CapabilityOutcome.Ok)]
    [InlineData("595.43.99", CapabilityOutcome.Missing)]
    [InlineData("535.161.07", CapabilityOutcome.Missing)]
    [InlineData("x.y.z", CapabilityOutcome.CannotTell)]
    public void The_open_driver_is_ok_from_595_44(string version, object expected)
    {
        Requirement.Hardware(RuntimeInformation.ProcessArchitecture == Architecture.X64, "x86-64 only.");
        using FakeTree tree =
            new FakeTree().File("/proc/driver/nvidia/version", FakeTree.OpenDriver(version));
        Assert.Equal(expected, NvidiaChecks.Driver(tree.Environment).Outcome);
    }

    [Fact]
    public void The_proprietary_driver_is_told_apart()
    {
        using FakeTree tree = new FakeTree().File(
            "/proc/driver/nvidia/version",
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  610.20.01  Thu Jul 1 00:00:00 UTC 2027\n");
        CapabilityCheck check = NvidiaChecks.Driver(tree.Environment);
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains("610.20.01, proprietary", check.Detail);
    }

    [Fact]
    public void A_loaded_driver_that_hides_its_version_is_cannot_tell_and_no_driver_is_missing()
    {
        using var tree = new FakeTree();
        Assert.Equal(CapabilityOutcome.Missing, NvidiaChecks.Driver(tree.Environment).Outcome);
        Assert.Equal(CapabilityOutcome.Missing, NvidiaChecks.RegistryKeys(tree.Environment).Outcome);
        tree.File("/sys/module/nvidia/version", "595.44.02\n");
        Assert.Equal(CapabilityOutcome.CannotTell, NvidiaChecks.Driver(tree.Environment).Outcome);
        Assert.Equal(CapabilityOutcome.CannotTell, NvidiaChecks.RegistryKeys(tree.Environment).Outcome);
    }

    [Theory]
    [InlineData("RMForceStaticBar1=1;RmForceDisableIomapWC=1", CapabilityOutcome.Ok, "")]
    [InlineData("Other=7; RmForceDisableIomapWC=0x1 ;RMForceStaticBar1=0x00000001;", CapabilityOutcome.Ok,
        "")]
    [InlineData("RMForceStaticBar1=1", CapabilityOutcome.Missing, "RmForceDisableIomapWC")]
    [InlineData("RMForceStaticBar1=0;RmForceDisableIomapWC=1", CapabilityOutcome.Missing,
        "RMForceStaticBar1")]
    [InlineData("XRMForceStaticBar1=1;RmForceDisableIomapWC=1", CapabilityOutcome.Missing,
        "RMForceStaticBar1")]
    [InlineData("", CapabilityOutcome.Missing, "RMForceStaticBar1, RmForceDisableIomapWC")]
    public void Both_registry_keys_must_be_1(string dwords, object expected, string lacking)
    {
        using FakeTree tree = new FakeTree().File("/proc/driver/nvidia/params", FakeTree.Keys(dwords));
        CapabilityCheck check = NvidiaChecks.RegistryKeys(tree.Environment);
        Assert.Equal(expected, check.Outcome);
        Assert.Contains(lacking, check.Detail);
    }

    [Fact]
    public void Parameters_without_the_line_are_cannot_tell()
    {
        using FakeTree tree = new FakeTree().File("/proc/driver/nvidia/params", "EnableMSI: 1\n");
        Assert.Equal(CapabilityOutcome.CannotTell, NvidiaChecks.RegistryKeys(tree.Environment).Outcome);
    }

    [Theory]
    [InlineData(256L << 20, CapabilityOutcome.Missing)]
    [InlineData(0, CapabilityOutcome.Missing)]
    [InlineData(128L << 30, CapabilityOutcome.CannotTell)] // the memory's own size is not in /sys
    public void A_window_of_256_MiB_is_too_small_and_a_larger_one_cannot_be_judged_from_sys(
        long bar1Bytes, object expected)
    {
        using FakeTree tree = new FakeTree().PciDevice("0000:17:00.0", "0x10de", "0x030000", bar1Bytes);
        CapabilityCheck check = NvidiaChecks.Bar1(tree.Environment);
        Assert.Equal(expected, check.Outcome);
        Assert.Contains($"0000:17:00.0: {bar1Bytes >> 20} MiB", check.Detail);
    }

    [Fact]
    public void Only_published_gpu_memory_counts_and_a_drives_is_mentioned()
    {
        using var tree = new FakeTree();
        Assert.Equal(CapabilityOutcome.CannotTell, NvidiaChecks.PeerMemory(tree.Environment).Outcome);

        tree.PciDevice("0000:02:00.0", "0x1b36", "0x010802")
            .File("/sys/bus/pci/devices/0000:02:00.0/p2pmem/size", "67108864\n");
        CapabilityCheck drive = NvidiaChecks.PeerMemory(tree.Environment);
        Assert.Equal(CapabilityOutcome.Missing, drive.Outcome);
        Assert.Contains("NVMe drive 0000:02:00.0 has 64 MiB", drive.Detail);

        tree.PciDevice("0000:17:00.0", "0x10de", "0x030200", 128L << 30);
        Assert.Equal(CapabilityOutcome.Missing, NvidiaChecks.PeerMemory(tree.Environment).Outcome);
        tree.File("/sys/bus/pci/devices/0000:17:00.0/p2pmem/size", "0\n");
        Assert.Equal(CapabilityOutcome.Missing, NvidiaChecks.PeerMemory(tree.Environment).Outcome);
        tree.File("/sys/bus/pci/devices/0000:17:00.0/p2pmem/size", "85899345920\n");
        Assert.Equal(CapabilityOutcome.Ok, NvidiaChecks.PeerMemory(tree.Environment).Outcome);
        Assert.Equal(CapabilityOutcome.Ok, NvidiaChecks.Bar1(tree.Environment).Outcome);
    }

    [Fact]
    public void Nvidia_fs_is_found_by_its_module_or_its_folder()
    {
        using var tree = new FakeTree();
        Assert.Equal(CapabilityOutcome.Missing, NvidiaChecks.NvidiaFs(tree.Environment).Outcome);
        tree.File("/proc/modules", "nvme 1 0 - Live 0x0\nxnvidia_fs 1 0 - Live\nnvidia_fsx 1\n");
        Assert.Equal(CapabilityOutcome.Missing, NvidiaChecks.NvidiaFs(tree.Environment).Outcome);
        tree.File("/proc/modules", "nvme 1 0 - Live 0x0\nnvidia_fs 278528 0 - Live 0x0\n");
        Assert.Equal(CapabilityOutcome.Ok, NvidiaChecks.NvidiaFs(tree.Environment).Outcome);
        tree.File("/proc/modules", "").File("/proc/driver/nvidia-fs/version", "version: 2.22\n");
        Assert.Contains("2.22", NvidiaChecks.NvidiaFs(tree.Environment).Detail);
    }

    [Fact]
    public void A_machine_with_everything_is_not_proven_without_memory_to_try()
    {
        RingRequirement.Met();
        Requirement.Hardware(RuntimeInformation.ProcessArchitecture == Architecture.X64, "x86-64 only.");
        using FakeTree tree = new FakeTree().PeerMachine().NvmeDisk().File("/dev/ng0n1", "");
        GpuDirectCapability probe =
            GpuDirectCapability.Probe(tree.Environment, FakeTree.FileOn(259, 0), RingSetup.CallKernel);

        PathCapability passthrough = probe.For(NativeReadPath.GpuDirectNvmePassthrough);
        Assert.Equal("trial_read", passthrough.FirstMissing!.Id);
        Assert.False(passthrough.IsAvailable || passthrough.IsProven);
        Assert.Contains("was not tried", passthrough.Reason);
    }

    [Fact]
    public void What_is_known_to_be_missing_is_named_before_what_cannot_be_told()
    {
        IEnumerable<CapabilityCheck> checks = CapabilityCheckId.All.Select(id => new CapabilityCheck(
            id, id, id switch
            {
                "pci_p2pdma" => CapabilityOutcome.CannotTell,
                "bar1" => CapabilityOutcome.Missing,
                _ => CapabilityOutcome.Ok,
            },
            "Seen."));
        GpuDirectCapability probe = GpuDirectCapability.FromChecks(checks, canRegisterSome: true);
        Assert.Equal("bar1", probe.For(NativeReadPath.PeerDirectFileRead).FirstMissing!.Id);

        probe = GpuDirectCapability.FromChecks(
            checks.Select(check =>
                check.Id == "bar1" ? check with { Outcome = CapabilityOutcome.Ok } : check), true);
        PathCapability path = probe.For(NativeReadPath.PeerDirectFileRead);
        Assert.Equal("pci_p2pdma", path.FirstMissing!.Id);
        Assert.StartsWith("Could not be found out: ", path.Reason);
    }

    [Theory]
    [InlineData(CapabilityOutcome.Proven, true, null)]
    [InlineData(CapabilityOutcome.Missing, true, "iommu")]
    [InlineData(CapabilityOutcome.CannotTell, true, "iommu")]
    [InlineData(CapabilityOutcome.Missing, false, "nvidia_driver")]
    public void A_read_into_another_devices_memory_needs_no_GPU_and_has_the_last_word(
        object outcome, bool wasTried, string? firstMissing)
    {
        IEnumerable<CapabilityCheck> checks = CapabilityCheckId.All.Select(id => new CapabilityCheck(
            id, id,
            id is "nvidia_driver" or "p2pmem" or "iommu" ? CapabilityOutcome.Missing : CapabilityOutcome.Ok,
            id + " seen."));
        var trial = new PeerTrial(
            new CapabilityCheck("trial_read", "Trial", (CapabilityOutcome)outcome, "Trial seen."), wasTried);
        PathCapability path = GpuDirectCapability.FromChecks(checks, true, trial)
            .For(NativeReadPath.GpuDirectNvmePassthrough);
        Assert.Equal(firstMissing, path.FirstMissing?.Id);
        Assert.Equal(firstMissing is null, path.IsAvailable);
        Assert.Equal(firstMissing is null, path.IsProven);
        Assert.Contains("Trial seen.", path.Reason);
    }

    [Fact]
    public void A_low_memory_limit_lessens_the_registered_path_and_only_no_memory_at_all_takes_it_away()
    {
        IEnumerable<CapabilityCheck> checks = CapabilityCheckId.All.Select(id => new CapabilityCheck(
            id, id, id == "memlock" ? CapabilityOutcome.NoPermission : CapabilityOutcome.Ok, id + " seen."));

        PathCapability some =
            GpuDirectCapability.FromChecks(checks, true).For(NativeReadPath.RegisteredMappedRead);
        Assert.True(some.IsAvailable);
        Assert.Contains("memlock seen.", some.Reason);
        PathCapability none =
            GpuDirectCapability.FromChecks(checks, false).For(NativeReadPath.RegisteredMappedRead);
        Assert.False(none.IsAvailable);
        Assert.Equal("memlock", none.FirstMissing!.Id);
    }
}
