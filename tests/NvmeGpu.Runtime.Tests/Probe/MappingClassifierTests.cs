using System;
using System.Globalization;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Linq;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>Which memory is behind an address, by /proc/self/smaps.</summary>
public class MappingClassifierTests
{
    private const string Maps =
        """
        10000-20000 rw-p 00000000 00:00 0
        Size:                 64 kB
        VmFlags: rd wr mr mw me ac
        20000-30000 rw-s 00000000 00:15 99        /sys/devices/pci0000:00/0000:02:00.0/p2pmem/allocate
        VmFlags: rd wr sh mr mw me ms mm
        30000-40000 rw-s 00000000 00:15 98        /sys/devices/pci0000:00/0000:02:00.0/resource1
        VmFlags: rd wr sh mr mw me ms pf io de dd
        50000-60000 rw-s 00000000 00:06 97        /dev/nvidia-uvm
        VmFlags: rd wr sh mr mw me ms dc de mm
        60000-70000 r--p 00000000 fe:00 97        /a file with spaces
        VmFlags: rd mr mw me
        70000-80000 r--p 00000000 fe:00 97        /no flags

        """;

    [Theory]
    [InlineData(0x10000, 0x40000, false)] // a hole after 0x40000
    [InlineData(0x3fff0, 0x10, true)]
    [InlineData(0x50000, 0x20000, true)]
    [InlineData(0x10000, 0x30000, true)]
    [InlineData(0x7fff0, 0x11, false)]
    [InlineData(0x0fff0, 0x20, false)]
    [InlineData(0x90000, 0x1, false)]
    public void A_range_says_whether_it_is_mapped_as_a_whole(long start, long lengthBytes, bool isMapped)
    {
        using FakeTree tree = new FakeTree().File("/proc/self/smaps", Maps);
        Assert.Equal(
            isMapped, MappingClassifier.Classify(tree.Environment, (nint)start, lengthBytes).IsMapped);
        using var empty = new FakeTree();
        Assert.Null(MappingClassifier.Classify(empty.Environment, (nint)start, lengthBytes).IsMapped);
    }

    [Theory]
    [InlineData(0x10000, 0x10000, PeerMemoryKind.HostMapped)]
    [InlineData(0x1fff0, 0x10, PeerMemoryKind.HostMapped)]
    [InlineData(0x20000, 0x10000, PeerMemoryKind.P2PdmaPages)]
    [InlineData(0x30000, 0x1, PeerMemoryKind.OpaqueMmio)]
    [InlineData(0x20000, 0x10001, PeerMemoryKind.OpaqueMmio)] // reaches into it
    [InlineData(0x10000, 0x10001, null)] // host and peer
    [InlineData(0x50000, 0x1000, null)] // mm alone does not decide
    [InlineData(0x60000, 0x1000, PeerMemoryKind.HostMapped)]
    [InlineData(0x70000, 0x1000, null)]
    [InlineData(0x40000, 0x1000, null)] // a hole
    [InlineData(0x0ffff, 0x2, null)]
    [InlineData(0x100000, 1, null)]
    public void The_flags_of_every_mapping_in_the_range_decide(int address, int lengthBytes, object? expected)
    {
        using FakeTree tree = new FakeTree().File("/proc/self/smaps", Maps);
        MappingClass found = MappingClassifier.Classify(tree.Environment, address, lengthBytes);
        Assert.Equal(expected, found.Kind);
        Assert.NotEqual("", found.Reason);
    }

    [Fact]
    public void The_mapped_file_is_named()
    {
        using FakeTree tree = new FakeTree().File("/proc/self/smaps", Maps);
        Assert.Equal("/a file with spaces",
            MappingClassifier.Classify(tree.Environment, 0x60000, 1).MappedFile);
        Assert.Equal("", MappingClassifier.Classify(tree.Environment, 0x10000, 1).MappedFile);
        Assert.Equal("rd wr mr mw me ac", MappingClassifier.Classify(tree.Environment, 0x10000, 1).Flags);
    }

    [Fact]
    public void Without_smaps_nothing_can_be_told()
    {
        using var tree = new FakeTree();
        Assert.Null(MappingClassifier.Classify(tree.Environment, 0x10000, 1).Kind);
    }

    [Fact]
    public void A_range_that_is_empty_or_leaves_the_address_space_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MappingClassifier.Classify(0x10000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MappingClassifier.Classify(-4096, 8192));
    }

    [Fact]
    public void Buffers_of_this_process_are_host_memory_and_unmapped_addresses_are_nothing()
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4L << 20);
        Assert.Equal(PeerMemoryKind.HostMapped,
            MappingClassifier.Classify(buffer.Address, buffer.LengthBytes).Kind);
        Assert.Null(MappingClassifier.Classify(8, 1).Kind);
    }

    [Fact]
    public void A_real_mapping_without_pages_is_opaque()
    {
        // The kernel's own clock data is mapped by page frame numbers in every process.
        string? line = File.ReadLines("/proc/self/maps").FirstOrDefault(l =>
            l.EndsWith("[vvar]", StringComparison.Ordinal));
        Requirement.Hardware(line is not null, "This kernel maps no [vvar].");
        nint address = nint.Parse(line!.Split('-')[0], NumberStyles.AllowHexSpecifier);
        MappingClass found = MappingClassifier.Classify(address, 1);
        Assert.Equal(PeerMemoryKind.OpaqueMmio, found.Kind);
        Assert.Equal("[vvar]", found.MappedFile);
    }
}
