using System.IO;
using System.IO.Compression;
using System.Text;
using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>What the kernel says of peer DMA, the IOMMU and io_uring, on made-up trees.</summary>
public class KernelTests
{
    private const string Symbols =
        "ffffffff81000000 T _text\nffffffff81500000 T pci_enable_device\nffffffff8140c940 T "
            + "dma_pci_p2pdma_supported\n";

    [Theory]
    [InlineData("6.1.0-18-amd64", CapabilityOutcome.Missing)]
    [InlineData("5.15.0", CapabilityOutcome.Missing)]
    [InlineData("6.2.0", CapabilityOutcome.Ok)]
    [InlineData("6.2-rc1", CapabilityOutcome.Ok)]
    [InlineData("7.0.13+deb14-cloud-amd64", CapabilityOutcome.Ok)]
    [InlineData("10.0", CapabilityOutcome.Ok)]
    [InlineData("", CapabilityOutcome.CannotTell)]
    [InlineData("six", CapabilityOutcome.CannotTell)]
    [InlineData("6", CapabilityOutcome.CannotTell)]
    [InlineData("6.12/../../etc", CapabilityOutcome.CannotTell)]
    public void Peer_pages_need_6_2(string release, object expected)
    {
        using FakeTree tree =
            new FakeTree().Kernel(release).File("/proc/config.gz", Pack("CONFIG_PCI_P2PDMA=y\n"));
        Assert.Equal(expected, KernelChecks.PeerToPeer(tree.Environment).Outcome);
    }

    [Theory]
    [InlineData("CONFIG_PCI=y\nCONFIG_PCI_P2PDMA=y\n", CapabilityOutcome.Ok)]
    [InlineData("CONFIG_PCI=y\n# CONFIG_PCI_P2PDMA is not set\n", CapabilityOutcome.Missing)]
    [InlineData("CONFIG_PCI=y\n# end of Kernel hacking\n", CapabilityOutcome.Missing)] // not even mentioned
    [InlineData("CONFIG_PCI=y\nCONFIG_OTHER=y\n", CapabilityOutcome.CannotTell)] // cut off
    [InlineData("garbage", CapabilityOutcome.CannotTell)]
    [InlineData("", CapabilityOutcome.CannotTell)]
    public void The_configuration_may_be_in_any_of_three_places(string config, object expected)
    {
        foreach (
            string path in new[] { "/proc/config.gz", "/boot/config-6.12.1", "/lib/modules/6.12.1/config" })
        {
            using FakeTree tree = new FakeTree().Kernel("6.12.1");
            tree.File(path, path.EndsWith(".gz") ? Pack(config) : Encoding.ASCII.GetBytes(config));
            Assert.Equal(expected, KernelChecks.PeerToPeer(tree.Environment).Outcome);
        }
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_cannot_tell_and_never_missing()
    {
        using FakeTree tree = new FakeTree().Kernel("6.12.1");
        Assert.Equal(CapabilityOutcome.CannotTell, KernelChecks.PeerToPeer(tree.Environment).Outcome);
        byte[] packed = Pack("CONFIG_PCI=y\n" + new string('#', 100_000));
        tree.File("/proc/config.gz", packed[..(packed.Length / 2)]).File("/proc/kallsyms", "");
        Assert.Equal(CapabilityOutcome.CannotTell, KernelChecks.PeerToPeer(tree.Environment).Outcome);
        tree.File("/proc/config.gz", [0x1f, 0x8b, 1, 2, 3]).Folder("/boot/config-6.12.1");
        CapabilityCheck check = KernelChecks.PeerToPeer(tree.Environment);
        Assert.Equal(CapabilityOutcome.CannotTell, check.Outcome);
        Assert.Contains("/boot/config-6.12.1 is a directory", check.Detail);
    }

    [Fact]
    public void Without_a_configuration_the_symbols_decide_by_whole_names()
    {
        using FakeTree tree = new FakeTree().Kernel("6.18.1").File("/proc/kallsyms", Symbols);
        Assert.Equal(CapabilityOutcome.Missing, KernelChecks.PeerToPeer(tree.Environment).Outcome);
        tree.File("/proc/kallsyms", Symbols + "ffffffff81600000 T pci_p2pdma_add_resource\n");
        Assert.Equal(CapabilityOutcome.Ok, KernelChecks.PeerToPeer(tree.Environment).Outcome);
        tree.File("/proc/kallsyms", "ffffffff81600000 d p2pdma_pgmap_ops\t[x]\n");
        Assert.Equal(CapabilityOutcome.Ok, KernelChecks.PeerToPeer(tree.Environment).Outcome);
        tree.File("/proc/kallsyms", "ffffffff81000000 T _text\n"); // a part of a list
        Assert.Equal(CapabilityOutcome.CannotTell, KernelChecks.PeerToPeer(tree.Environment).Outcome);
    }

    [Theory]
    [InlineData("identity", CapabilityOutcome.Ok)]
    [InlineData("DMA", CapabilityOutcome.Missing)]
    [InlineData("DMA-FQ", CapabilityOutcome.Missing)]
    [InlineData("something new", CapabilityOutcome.CannotTell)]
    public void The_group_types_of_the_drive_and_the_gpu_decide(string type, object expected)
    {
        using FakeTree tree = new FakeTree().PeerMachine();
        Group(tree, "3", "identity", "0000:01:00.0");
        Group(tree, "5", type, "0000:17:00.0"); // the GPU
        Group(tree, "7", "DMA", "0000:99:00.0"); // neither
        Assert.Equal(expected, KernelChecks.Iommu(tree.Environment, ["0000:01:00.0"]).Outcome);
    }

    [Fact]
    public void A_translating_group_outweighs_an_unknown_one_whatever_the_order()
    {
        foreach (
            (string first, string second) in new[] { ("odd", "DMA"), ("DMA", "odd"), ("identity", "DMA") })
        {
            using FakeTree tree = new FakeTree().PeerMachine();
            Group(tree, "1", first, "0000:01:00.0");
            Group(tree, "2", second, "0000:17:00.0");
            CapabilityCheck check = KernelChecks.Iommu(tree.Environment, ["0000:01:00.0"]);
            Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
            Assert.Contains("iommu=pt", check.Advice);
        }
    }

    [Fact]
    public void No_group_means_no_iommu_and_no_folder_means_the_command_line()
    {
        using var tree = new FakeTree();
        Assert.Equal(CapabilityOutcome.CannotTell, KernelChecks.Iommu(tree.Environment, []).Outcome);
        tree.File("/proc/cmdline", "quiet intel_iommu=on iommu=pt\n");
        Assert.Equal(CapabilityOutcome.Ok, KernelChecks.Iommu(tree.Environment, []).Outcome);
        tree.File("/proc/cmdline", "quiet xiommu=pt iommu=ptx\n");
        Assert.Equal(CapabilityOutcome.CannotTell, KernelChecks.Iommu(tree.Environment, []).Outcome);
        tree.Folder("/sys/kernel/iommu_groups");
        Assert.Equal(CapabilityOutcome.Ok, KernelChecks.Iommu(tree.Environment, []).Outcome);
    }

    [Theory]
    [InlineData(Libc.EPERM, CapabilityOutcome.NoPermission)]
    [InlineData(Libc.ENOMEM, CapabilityOutcome.NoPermission)]
    [InlineData(Libc.ENOSYS, CapabilityOutcome.Missing)]
    [InlineData(Libc.EINVAL, CapabilityOutcome.Missing)]
    [InlineData(Libc.EMFILE, CapabilityOutcome.CannotTell)]
    public void A_refused_ring_is_told_by_its_errno_and_what_needs_one_cannot_be_told(int refusal,
        object expected)
    {
        using FakeTree tree = new FakeTree().PeerMachine()
            .File("/proc/sys/kernel/io_uring_disabled", "0\n").File("/proc/self/status",
                "Name:\tx\nSeccomp:\t2\n");
        GpuDirectCapability probe = GpuDirectCapability.Probe(tree.Environment, ProbeTarget.None, Refuse);

        CapabilityCheck ring = probe.Find("io_uring");
        Assert.Equal(expected, ring.Outcome);
        Assert.Contains("kernel.io_uring_disabled is 0", ring.Detail);
        Assert.Contains("a seccomp filter is on this process", ring.Detail);
        foreach (string id in new[] { "sqe128_cqe32", "uring_cmd", "trial_read", "memlock", "dma_buf" })
        {
            Assert.Equal(CapabilityOutcome.CannotTell, probe.Find(id).Outcome);
        }
        Assert.Equal("io_uring", probe.For(NativeReadPath.RegisteredMappedRead).FirstMissing!.Id);

        int Refuse(uint entries, ref io_uring_params parameters, out int errno)
        {
            errno = refusal;
            return -1;
        }
    }

    [Fact]
    public void A_kernel_without_big_entries_is_missing_them()
    {
        CapabilityCheck check = IoUringChecks.BigEntries(true, RefuseBig);
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains("5.19", check.Advice);

        static int RefuseBig(uint entries, ref io_uring_params parameters, out int errno)
        {
            errno = (parameters.flags & (3u << 10)) != 0 ? Libc.EINVAL : Libc.EMFILE;
            return -1;
        }
    }

    private static void Group(FakeTree tree, string number, string type, string device) => tree
        .File($"/sys/kernel/iommu_groups/{number}/type", type + "\n")
        .Folder($"/sys/kernel/iommu_groups/{number}/devices/{device}");

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression))
        {
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }
        return packed.ToArray();
    }
}
