using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>
/// Nobody vouches for what /proc and /sys say: whatever is in them, every check has an outcome.
/// </summary>
public class HostileTreeTests
{
    private static readonly string[] s_files =
    [
        "/proc/sys/kernel/osrelease", "/proc/sys/kernel/io_uring_disabled", "/proc/config.gz",
            "/proc/kallsyms",
        "/proc/cmdline", "/proc/modules", "/proc/self/status", "/proc/self/smaps", "/proc/self/mountinfo",
        "/proc/driver/nvidia/version", "/proc/driver/nvidia/params", "/proc/driver/nvidia-fs/version",
        "/sys/module/nvidia/version", "/sys/bus/pci/devices/0000:17:00.0/vendor",
        "/sys/bus/pci/devices/0000:17:00.0/class", "/sys/bus/pci/devices/0000:17:00.0/resource",
        "/sys/bus/pci/devices/0000:17:00.0/p2pmem/size", "/sys/kernel/iommu_groups/0/type",
        "/sys/class/nvme-generic/ng0n1/dev", "/sys/devices/d/nvme/nvme0/transport",
        "/sys/devices/d/nvme/nvme0/nvme0n1/nsid", "/sys/devices/d/nvme/nvme0/nvme0n1/p/start",
        "/sys/devices/d/nvme/nvme0/nvme0n1/p/partition",
    ];

    public static TheoryData<string> Contents =>
    [
        "empty", "zeros", "binary", "one huge line", "many lines", "huge numbers", "separators", "text",
            "folders",
    ];

    [Theory]
    [MemberData(nameof(Contents))]
    public void Any_contents_lead_to_sixteen_outcomes_and_no_exception(string kind)
    {
        using var tree = new FakeTree();
        foreach (string file in s_files)
        {
            _ = kind == "folders" ? tree.Folder(file) : tree.File(file, Make(kind));
        }
        tree.Link("/sys/dev/block/259:0", "/sys/devices/d/nvme/nvme0/nvme0n1")
            .Link("/sys/dev/block/259:1", "/sys/devices/d/nvme/nvme0/nvme0n1/p")
            .Link("/sys/dev/block/259:2", "/nowhere")
            .Link("/sys/dev/block/259:3", "/sys/dev/block/259:3");

        Look(tree);
    }

    [Theory]
    [InlineData("\u0001\u007f\n")]
    [InlineData("..")]
    [InlineData("0000:17:00.0\n")]
    [InlineData("-")]
    [InlineData("nvme99999999999999999999n1")]
    public void Any_file_names_lead_to_sixteen_outcomes_and_no_exception(string name)
    {
        using var tree = new FakeTree();
        string safe = name == ".." ? "..." : name;
        foreach (string folder in new[]
        {
            "/sys/bus/pci/devices/", "/sys/kernel/iommu_groups/", "/sys/class/nvme-generic/",
                "/sys/dev/block/",
        })
        {
            tree.File(folder + safe + "/type", "DMA").File(folder + safe + "/vendor", "0x10de");
        }
        tree.Folder("/sys/devices/" + safe).Link("/sys/dev/block/259:0", "/sys/devices/" + safe);

        Look(tree);
    }

    [Fact]
    public void An_empty_machine_leads_to_sixteen_outcomes_and_no_exception()
    {
        using var tree = new FakeTree();
        Look(tree);
        Look(new ProbeEnvironment("/no/such/root"));
    }

    [Fact]
    public void What_foreign_files_say_is_printed_without_control_characters_and_not_at_length()
    {
        using FakeTree tree = new FakeTree()
            .File("/proc/driver/nvidia/version", "\u001b[2J" + new string('x', 10_000) + "\r\nnext\u0007");
        string detail = NvidiaChecks.Driver(tree.Environment).Detail;
        Assert.DoesNotContain(detail, char.IsControl);
        Assert.InRange(detail.Length, 1, 400);
    }

    [Fact]
    public void A_small_file_that_packs_gigabytes_is_given_up_at_a_limit()
    {
        byte[] zeros = new byte[1 << 20];
        using var packed = new System.IO.MemoryStream();
        using (var gzip =
            new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            for (int i = 0; i < 200; i++)
            {
                gzip.Write(zeros);
            }
        }
        using FakeTree tree = new FakeTree().Kernel("6.12.1").File("/proc/config.gz", packed.ToArray());
        CapabilityCheck check = KernelChecks.PeerToPeer(tree.Environment);
        Assert.Equal(CapabilityOutcome.CannotTell, check.Outcome);
        Assert.Contains("only the first 64 MiB", check.Detail);
    }

    private static void Look(FakeTree tree) => Look(tree.Environment);

    private static void Look(ProbeEnvironment environment)
    {
        IEnumerable<ProbeTarget> targets =
        [
            ProbeTarget.None,
            .. Enumerable.Range(0, 5).Select(minor => FakeTree.FileOn(259, (uint)minor)),
            FakeTree.FileOn(0, 44) with { MountId = 99 },
            FakeTree.FileOn(259, 0) with { Kind = ProbeTargetKind.CharDevice },
            FakeTree.FileOn(259, 0) with { Kind = ProbeTargetKind.Other },
            FakeTree.FileOn(uint.MaxValue, uint.MaxValue) with { Kind = ProbeTargetKind.Directory },
        ];
        foreach (ProbeTarget target in targets)
        {
            GpuDirectCapability probe = GpuDirectCapability.Probe(environment, target, RingSetup.CallKernel);
            Assert.Equal(CapabilityCheckId.All, probe.Checks.Select(check => check.Id));
            Assert.All(probe.Checks, check => Assert.True(Enum.IsDefined(check.Outcome)));
            Assert.False(probe.For(NativeReadPath.GpuDirectNvmePassthrough).IsAvailable);
            Assert.NotEqual("", probe.ToString());
        }
    }

    private static byte[] Make(string kind) => kind switch
    {
        "zeros" => new byte[5000],
        "binary" => [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 167 + i / 256))],
        "one huge line" => Encoding.ASCII.GetBytes(new string('9', 3 << 20)),
        "many lines" =>
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0-ffffffffffffffff \n", 50_000))),
        "huge numbers" =>
            "99999999999999999999999999999.99999999999999999\n0xffffffffffffffffffffff\n"u8.ToArray(),
        "separators" =>
            "-\n:\n;\n=\n.\n  \n\t\n - \nVmFlags:\nSeccomp:\nRegistryDwords:\nNVRM version:\n"u8.ToArray(),
        "text" => "0x10de\n"u8.ToArray(),
        _ => [],
    };
}
