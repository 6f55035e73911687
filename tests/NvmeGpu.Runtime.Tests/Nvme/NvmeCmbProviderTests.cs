using System;
using System.Linq;
using NvmeGpu.Runtime.Tests.Probe;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>
/// A drive's memory, in a made-up /sys whose p2pmem/allocate is an ordinary file: what the kernel would map
/// there is for a virtual machine to show.
/// </summary>
public class NvmeCmbProviderTests
{
    private const string Drive = "0000:02:00.0";
    private const string Gpu = "0000:17:00.0";
    private const string Folder = "/sys/bus/pci/devices/";

    [Fact]
    public void Memory_of_a_drive_is_mapped_and_counts_as_a_devices_pages()
    {
        using FakeTree tree = Tree();
        NvmeCmbProvider provider = Make(tree, Drive, PeerMemoryKind.P2PdmaPages);
        CapabilityCheck check = provider.Probe();
        Assert.Equal(CapabilityOutcome.Ok, check.Outcome);
        Assert.Contains("65536 bytes, of which 32768 are free", check.Detail);

        using GpuMappedBuffer buffer = provider.Allocate(5000);
        Assert.Equal((PeerMemoryKind.P2PdmaPages, PageBacking.Device, 8192L, 0ul),
            (buffer.Kind, buffer.Backing, buffer.LengthBytes, buffer.DevicePointer));
        MappingClass real = MappingClassifier.Classify(buffer.Address, buffer.LengthBytes);
        Assert.EndsWith("/p2pmem/allocate", real.MappedFile);
        Assert.Contains("dc", real.Flags.Split(' ')); // left out of children
        Assert.Contains("sh", real.Flags.Split(' ')); // the kernel refuses private mappings
    }

    [Fact]
    public void The_memory_of_a_gpu_is_never_mapped_whatever_it_publishes()
    {
        using FakeTree tree = Tree();
        NvmeCmbProvider provider = Make(tree, Gpu, PeerMemoryKind.P2PdmaPages);
        Assert.Equal(CapabilityOutcome.Missing, provider.Probe().Outcome);
        Assert.Contains("0x030200", provider.Probe().Detail);
        Assert.Contains("no NVMe controller", Assert.Throws<InvalidOperationException>(
            () => provider.Allocate(4096)).Message);
        Assert.Equal(
            [Drive],
            NvmeCmbProvider.All(tree.Environment, MappingClassifier.Classify).Select(one => one.PciAddress));
    }

    [Theory]
    [InlineData(PeerMemoryKind.HostMapped)]
    [InlineData(PeerMemoryKind.OpaqueMmio)]
    public void What_was_mapped_is_classified_and_not_believed(PeerMemoryKind kind)
    {
        using FakeTree tree = Tree();
        nint mapped = 0;
        var provider = new NvmeCmbProvider(tree.Environment, Drive, (address, _) =>
        {
            mapped = address;
            return new MappingClass(kind, "", "", "seen");
        });
        Assert.Contains(kind.ToString(), Assert.Throws<InvalidOperationException>(
            () => provider.Allocate(4096)).Message);
        Assert.NotEqual(0, mapped);
        Assert.DoesNotContain(
            "p2pmem", MappingClassifier.Classify(mapped, 4096).MappedFile); // unmapped again
    }

    [Fact]
    public void A_drive_without_memory_or_that_is_not_there_is_said_to_be_so()
    {
        using FakeTree tree = Tree().PciDevice("0000:03:00.0", "0x1b36", "0x010802");
        Assert.Contains(
            "publishes no memory", Make(tree, "0000:03:00.0", PeerMemoryKind.P2PdmaPages).Probe().Detail);
        NvmeCmbProvider missing = Make(tree, "0000:09:00.0", PeerMemoryKind.P2PdmaPages);
        Assert.Contains("no PCI device", missing.Probe().Detail);
        Assert.Throws<InvalidOperationException>(() => missing.Allocate(1));
        using var empty = new FakeTree();
        Assert.Equal(
            CapabilityOutcome.CannotTell, Make(empty, Drive, PeerMemoryKind.P2PdmaPages).Probe().Outcome);

        tree.File(Folder + Drive + "/p2pmem/available", "0\n");
        Assert.Equal(
            CapabilityOutcome.Missing, Make(tree, Drive, PeerMemoryKind.P2PdmaPages).Probe().Outcome);
        Assert.Throws<ArgumentException>(() => new NvmeCmbProvider("../../etc"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Make(tree, Drive, PeerMemoryKind.P2PdmaPages).Allocate(0));
    }

    private static NvmeCmbProvider Make(FakeTree tree, string address, PeerMemoryKind kind) =>
        new(tree.Environment, address, (_, _) => new MappingClass(kind, "", "", "made up"));

    private static FakeTree Tree() => new FakeTree()
        .PciDevice(Drive, "0x1b36", "0x010802")
        .File(Folder + Drive + "/p2pmem/size", "65536\n")
        .File(Folder + Drive + "/p2pmem/available", "32768\n")
        .File(Folder + Drive + "/p2pmem/allocate", new byte[65536])
        .PciDevice(Gpu, "0x10de", "0x030200")
        .File(Folder + Gpu + "/p2pmem/size", "85899345920\n")
        .File(Folder + Gpu + "/p2pmem/available", "85899345920\n")
        .File(Folder + Gpu + "/p2pmem/allocate", new byte[65536]);
}
