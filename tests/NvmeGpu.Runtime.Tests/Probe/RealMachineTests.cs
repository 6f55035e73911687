using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>
/// The probe of the machine that runs the tests, held against an independent look wherever there is one.
/// </summary>
public class RealMachineTests
{
    private static readonly Lazy<GpuDirectCapability> s_machine = new(() => GpuDirectCapability.Probe());

    [Fact]
    public void All_sixteen_checks_are_reported_in_the_documented_order()
    {
        string[] expected =
        [
            "io_uring", "sqe128_cqe32", "uring_cmd", "o_direct", "nvme_char_device", "pci_p2pdma",
                "nvidia_driver",
            "nvidia_registry_keys", "bar1", "p2pmem", "iommu", "vm_flags", "trial_read", "memlock", "dma_buf",
            "nvidia_fs",
        ];
        Assert.Equal(expected, s_machine.Value.Checks.Select(check => check.Id));
        Assert.Equal(expected, CapabilityCheckId.All);
    }

    [Fact]
    public void Every_check_says_what_was_seen_and_every_one_that_is_not_ok_what_to_do()
    {
        using var folder = new TemporaryFolder();
        string file = TestFile.Create(folder, "data", 1 << 20);
        foreach (
            CapabilityCheck check in s_machine.Value.Checks.Concat(GpuDirectCapability.Probe(file).Checks))
        {
            Assert.True(check.Title.Length > 0 && check.Detail.Length > 0, check.Id);
            Assert.True(check.IsOk == (check.Advice.Length == 0), check.Id + ": " + check.Advice);
            Assert.EndsWith(".", check.Detail);
        }
    }

    [Fact]
    public void Io_uring_is_ok_exactly_when_a_ring_can_be_made()
    {
        bool canMake;
        try
        {
            using var ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
            canMake = true;
        }
        catch (IoUringException)
        {
            canMake = false;
        }
        Assert.Equal(canMake, s_machine.Value.Find("io_uring").IsOk);
    }

    [Fact]
    public void Big_entries_are_ok_exactly_when_the_kernel_makes_them()
    {
        RingRequirement.Met();
        var parameters = new io_uring_params { flags = 3u << 10 }; // SQE128, CQE32
        int fd = RingSetup.CallKernel(1, ref parameters, out _);
        Assert.Equal(fd >= 0, s_machine.Value.Find("sqe128_cqe32").IsOk);
        if (fd >= 0)
        {
            Assert.Equal(0, Libc.close(fd));
        }
    }

    [Fact]
    public void The_opcode_for_passthrough_is_there_since_5_19()
    {
        RingRequirement.Met();
        bool isNewEnough = Environment.OSVersion.Version >= new Version(5, 19);
        Assert.Equal(isNewEnough, s_machine.Value.Find("uring_cmd").IsOk);
    }

    [Fact]
    public void The_kernel_configuration_decides_about_peer_dma()
    {
        Requirement.Hardware(File.Exists("/proc/config.gz"), "This kernel does not show its configuration.");
        using var unpacked = new StreamReader(
            new GZipStream(File.OpenRead("/proc/config.gz"), CompressionMode.Decompress));
        bool isOn = unpacked.ReadToEnd().Contains("\nCONFIG_PCI_P2PDMA=y\n");
        bool isNewEnough = Environment.OSVersion.Version >= new Version(6, 2);

        Assert.Equal(
            isOn && isNewEnough ? CapabilityOutcome.Ok : CapabilityOutcome.Missing,
            s_machine.Value.Find("pci_p2pdma").Outcome);
    }

    [Fact]
    public void A_buffer_just_allocated_is_host_memory()
    {
        Assert.Equal(CapabilityOutcome.Ok, s_machine.Value.Find("vm_flags").Outcome);
    }

    [Fact]
    public void The_default_slot_memory_was_really_registered_or_the_limit_is_named()
    {
        RingRequirement.Met();
        CapabilityCheck check = s_machine.Value.Find("memlock");
        Assert.Equal(
            MemoryLimits.LockedBytes is null or > 65L << 20 ? CapabilityOutcome.Ok
                : CapabilityOutcome.NoPermission,
            check.Outcome);
        Assert.Contains("limit", check.Detail);
    }

    [Fact]
    public void A_kernel_without_dma_buf_buffers_says_missing_and_not_cannot_tell()
    {
        RingRequirement.Met();
        CapabilityCheck check = s_machine.Value.Find("dma_buf");
        Assert.NotEqual(CapabilityOutcome.CannotTell, check.Outcome);
    }

    [Fact]
    public void The_checks_leave_no_descriptor_behind()
    {
        _ = GpuDirectCapability.Probe(Repository.PathOf("NvmeGpu.sln"));
        int before = Directory.GetFiles("/proc/self/fd").Length;
        for (int i = 0; i < 5; i++)
        {
            _ = GpuDirectCapability.Probe(Repository.PathOf("NvmeGpu.sln"));
        }
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 4); // other tests run
    }

    [Fact]
    public void The_registered_path_is_available_where_io_uring_is_and_peer_paths_only_when_proven()
    {
        RingRequirement.Met();
        GpuDirectCapability probe = s_machine.Value;

        PathCapability registered = probe.For(NativeReadPath.RegisteredMappedRead);
        Assert.True(registered.IsAvailable, registered.Reason);
        Assert.Null(registered.FirstMissing);
        Assert.False(registered.IsProven); // nothing was read
        foreach (NativeReadPath path in new[]
        {
            NativeReadPath.GpuDirectNvmePassthrough, NativeReadPath.PeerDirectFileRead,
        })
        {
            PathCapability peer = probe.For(path);
            Assert.False(peer.IsAvailable);
            Assert.False(peer.IsProven);
            Assert.NotNull(peer.FirstMissing);
            Assert.Contains("was not tried", peer.Reason);
            Assert.Equal(CapabilityOutcome.CannotTell, peer.Trial.Outcome); // there was no path to read
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => probe.For((NativeReadPath)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => probe.For((NativeReadPath)(-1)));
        Assert.Throws<ArgumentException>(() => probe.Find("no such check"));
    }

    [Fact]
    public void Odd_paths_are_outcomes_and_impossible_ones_are_the_callers_mistake()
    {
        foreach (string path in new[]
        {
            "/no/such/file", "/proc/self/mem", "/dev/null", "/dev/zero", "/", "/proc", "/proc/self/smaps",
            "/dev/stdin", new string('x', 300), "relative/none", new string('y', 5000),
        })
        {
            GpuDirectCapability probe = GpuDirectCapability.Probe(path);
            Assert.Equal(16, probe.Checks.Count);
            Assert.NotEqual(CapabilityOutcome.Proven, probe.Find("trial_read").Outcome);
            Assert.Equal(path, probe.Target);
        }
        Assert.Equal(CapabilityOutcome.Missing,
            GpuDirectCapability.Probe("/no/such/file").Find("o_direct").Outcome);
        Assert.Throws<ArgumentException>(() => GpuDirectCapability.Probe(""));
        Assert.Throws<ArgumentException>(() => GpuDirectCapability.Probe("a\0b"));
    }

    [Fact]
    public void A_path_that_would_wait_when_opened_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        string pipe = folder.PathOf("pipe");
        Assert.Equal(0, System.Diagnostics.Process.Start("mkfifo", [pipe]).WaitedExitCode());

        GpuDirectCapability probe = GpuDirectCapability.Probe(pipe);

        Assert.Equal(CapabilityOutcome.Missing, probe.Find("o_direct").Outcome);
        Assert.Equal(CapabilityOutcome.CannotTell, probe.Find("trial_read").Outcome);
    }

    [Fact]
    public void The_report_names_every_check_and_every_path()
    {
        string text = s_machine.Value.ToString();
        Assert.All(CapabilityCheckId.All, id => Assert.Contains($" {id} ", text));
        Assert.All(Enum.GetNames<NativeReadPath>(), name => Assert.Contains(name, text));
    }
}

internal static class ProcessExit
{
    public static int WaitedExitCode(this System.Diagnostics.Process process)
    {
        using (process)
        {
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
