using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Memory;

public class HostMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    [InlineData(2 << 20)]
    [InlineData((2 << 20) + 1)]
    [InlineData(33 << 20)]
    public void Memory_is_at_least_as_long_as_asked_aligned_present_and_left_out_of_children(long lengthBytes)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(lengthBytes);

        Assert.InRange(buffer.LengthBytes, lengthBytes, lengthBytes + (2 << 20));
        long alignment = lengthBytes >= 2 << 20 ? 2 << 20 : Environment.SystemPageSize;
        Assert.Equal(0, buffer.Address % alignment);
        Assert.Equal(0, buffer.LengthBytes % alignment);
        Assert.Equal(PeerMemoryKind.HostMapped, buffer.Kind);
        Assert.Equal(0ul, buffer.DevicePointer);

        Dictionary<string, string> mapping = MappingOf(buffer.Address);
        Assert.Contains("dc", mapping["VmFlags"].Split(' ')); // MADV_DONTFORK, proc(5)
        if (buffer.Backing != PageBacking.HugePages)
        {
            Assert.True(KibibytesOf(mapping["Rss"]) * 1024 >= buffer.LengthBytes); // touched, all of it
        }
    }

    [Fact]
    public void A_disposed_buffer_is_unmapped()
    {
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(77_777);
        nint address = buffer.Address;
        Assert.NotEmpty(MappingOf(address));
        buffer.Dispose();
        Assert.True(buffer.IsClosed);
        // Another thread's mapping may have taken the place; ours had this mark.
        Assert.True(!MappingOf(address).TryGetValue("VmFlags", out string? flags)
            || !flags.Split(' ').Contains("dc"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_length_that_is_none_is_refused(long lengthBytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GpuMappedBuffer.AllocateHost(lengthBytes));

    [Fact]
    public void More_memory_than_there_is_address_space_is_an_error_with_its_cause()
    {
        var refused = Assert.Throws<IoUringException>(() => GpuMappedBuffer.AllocateHost(1L << 50));
        Assert.Contains("ENOMEM", refused.Message);
        Assert.Contains("fewer or smaller slots", refused.Message);
    }

    [Fact]
    public void The_table_of_what_memory_is_for_says_what_was_measured()
    {
        Assert.True(PeerMemoryTable.Of(PeerMemoryKind.HostMapped).HasFlag(PeerMemoryAccess.ReadFixed));
        Assert.True(PeerMemoryTable.Of(PeerMemoryKind.P2PdmaPages).HasFlag(PeerMemoryAccess.Passthrough));
        Assert.False(PeerMemoryTable.Of(PeerMemoryKind.P2PdmaPages).HasFlag(PeerMemoryAccess.ReadFixed));
        Assert.False(PeerMemoryTable.Of(PeerMemoryKind.P2PdmaPages)
            .HasFlag(PeerMemoryAccess.PassthroughFixed));
        Assert.Equal(PeerMemoryAccess.None, PeerMemoryTable.Of(PeerMemoryKind.OpaqueMmio));
    }

    [Fact]
    public void Memory_that_cannot_be_registered_is_refused_before_the_kernel_is_asked()
    {
        RingRequirement.Met();
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(4096);
        using var peer = new GpuMappedBuffer(
            host.Address, 4096, PeerMemoryKind.P2PdmaPages, PageBacking.Device, 0, () => { });
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 2 });
        Assert.Contains("P2PdmaPages", Assert.Throws<ArgumentException>(() => ring.Register(peer)).Message);
    }

    [Fact]
    public void A_buffer_of_several_gibibytes_is_registered_in_pieces_and_a_region_may_not_cross_them()
    {
        RingRequirement.Met();
        const long Gib = 1L << 30;
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(Gib + (4 << 20));
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 2 });
        using RegisteredMemory memory = ring.Register(host);

        Assert.Equal(0, memory.Region(Gib - 4096, 4096).BufferIndex);
        Assert.Equal(1, memory.Region(Gib, 4096).BufferIndex);
        Assert.Contains(
            "1 GiB", Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(Gib - 1, 2)).Message);
    }

    /// <summary>The mapping that holds the address, from /proc/self/smaps.</summary>
    private static Dictionary<string, string> MappingOf(nint address)
    {
        var found = new Dictionary<string, string>();
        bool isInside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] range = line.Split(' ', 2)[0].Split('-');
            if (range.Length == 2 && long.TryParse(range[0], NumberStyles.HexNumber, null, out long start))
            {
                isInside = start <= address && address < long.Parse(range[1], NumberStyles.HexNumber);
            }
            else if (isInside)
            {
                string[] field = line.Split(':', 2);
                found[field[0]] = field[1].Trim();
            }
        }
        return found;
    }

    private static long KibibytesOf(string text) => long.Parse(text.Split(' ')[0]);
}
