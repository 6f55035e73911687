using System;
using NvmeGpu.Runtime.Tests.Probe;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Memory;

public class ExternalMemoryTests
{
    private const string Maps =
        """
        10000-20000 rw-p 00000000 00:00 0
        VmFlags: rd wr mr mw me ac
        20000-30000 rw-s 00000000 00:15 99        /sys/devices/pci0000:00/0000:02:00.0/p2pmem/allocate
        VmFlags: rd wr sh mr mw me ms mm
        30000-40000 rw-s 00000000 00:15 98        /sys/devices/pci0000:00/0000:02:00.0/resource1
        VmFlags: rd wr sh mr mw me ms pf io de dd
        50000-60000 rw-s 00000000 00:06 97        /dev/nvidia-uvm
        VmFlags: rd wr sh mr mw me ms dc de mm

        """;

    [Theory]
    [InlineData(0x10000, null, PeerMemoryKind.HostMapped)]
    [InlineData(0x10000, PeerMemoryKind.HostMapped, PeerMemoryKind.HostMapped)]
    [InlineData(0x20000, null, PeerMemoryKind.P2PdmaPages)]
    [InlineData(0x50000, PeerMemoryKind.P2PdmaPages, PeerMemoryKind.P2PdmaPages)]
    [InlineData(0x50000, PeerMemoryKind.HostMapped, PeerMemoryKind.HostMapped)]
    public void Flags_decide_the_kind_and_where_they_do_not_the_caller(
        long address, PeerMemoryKind? declared, PeerMemoryKind expected)
    {
        using FakeTree tree = new FakeTree().File("/proc/self/smaps", Maps);
        int releases = 0;
        var provider = new ExternalMemoryProvider(
            tree.Environment, (nint)address, 0x10000, 0x7000, () => releases++, declared);
        Assert.True(provider.Probe().IsOk);
        using (GpuMappedBuffer buffer = provider.Allocate(100))
        {
            Assert.Equal((expected, 0x10000L, 0x7000ul), (buffer.Kind, buffer.LengthBytes,
                buffer.DevicePointer));
            Assert.Equal((nint)address, buffer.Address);
            Assert.Contains("handed out", Assert.Throws<InvalidOperationException>(
                () => provider.Allocate(100)).Message);
            Assert.Equal(0, releases);
        }
        Assert.Equal(1, releases);
    }

    [Theory]
    [InlineData(0x30000, 0x10000, null, "pf or io")]
    [InlineData(0x30000, 0x10000, PeerMemoryKind.P2PdmaPages, "pf or io")]
    [InlineData(0x20000, 0x20000, PeerMemoryKind.P2PdmaPages, "pf or io")]
    [InlineData(0x10000, 0x20000, PeerMemoryKind.P2PdmaPages, "host memory and peer pages")]
    [InlineData(0x10000, 0x10000, PeerMemoryKind.P2PdmaPages, "said to be P2PdmaPages, and is HostMapped")]
    [InlineData(0x20000, 0x10000, PeerMemoryKind.HostMapped, "said to be HostMapped, and is P2PdmaPages")]
    [InlineData(0x50000, 0x10000, null, "Say which kind")]
    [InlineData(0x50000, 0x11000, PeerMemoryKind.P2PdmaPages, "not mapped")]
    [InlineData(0x90000, 0x1000, PeerMemoryKind.HostMapped, "Nothing is mapped")]
    public void Memory_that_no_device_reaches_or_that_is_not_what_it_is_said_to_be_is_refused(
        long address, long lengthBytes, PeerMemoryKind? declared, string words)
    {
        using FakeTree tree = new FakeTree().File("/proc/self/smaps", Maps);
        var provider = new ExternalMemoryProvider(
            tree.Environment, (nint)address, lengthBytes, 0, () => Assert.Fail("released"), declared);
        Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => provider.Allocate(1)).Message);
        CapabilityCheck check = provider.Probe();
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains(words, check.Detail);
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(4096, 0)]
    [InlineData(4096, -4096)]
    [InlineData(4096, 100)]
    [InlineData(4100, 4096)]
    public void What_is_not_whole_pages_is_refused(long address, long lengthBytes) =>
        Assert.Throws<ArgumentException>(
            () => new ExternalMemoryProvider((nint)address, lengthBytes, 0, () => { }));

    [Fact]
    public void An_opaque_kind_and_more_than_there_is_are_refused()
    {
        Assert.Throws<ArgumentException>(
            () => new ExternalMemoryProvider(4096, 4096, 0, () => { }, PeerMemoryKind.OpaqueMmio));
        var provider = new ExternalMemoryProvider(4096, 4096, 0, () => { });
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Allocate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Allocate(4097));
    }

    [Fact]
    public void It_goes_back_when_the_last_ring_has_let_go()
    {
        RingRequirement.Met();
        GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(4096);
        bool isReleased = false;
        var provider = new ExternalMemoryProvider(
            host.Address, host.LengthBytes, 0, () =>
            {
                isReleased = true;
                host.Dispose();
            });
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        GpuMappedBuffer buffer = provider.Allocate(4096);
        _ = ring.Attach(buffer);
        buffer.Dispose();
        Assert.False(isReleased);
        ring.Dispose();
        Assert.True(isReleased);
    }
}
