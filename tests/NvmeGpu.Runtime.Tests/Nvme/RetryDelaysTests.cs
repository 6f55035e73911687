using System;
using System.Buffers.Binary;
using NvmeGpu.Runtime.Tests.Probe;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>When a command may be sent again: what controllers say, and what a status names.</summary>
public class RetryDelaysTests
{
    [Fact]
    public void The_three_times_are_at_their_places_in_the_drives_description()
    {
        foreach ((int at, int index) in ((int, int)[])[(128, 1), (130, 2), (132, 3)])
        {
            for (int bit = 0; bit < 16; bit++)
            {
                byte[] identify = new byte[4096];
                BinaryPrimitives.WriteUInt16LittleEndian(identify.AsSpan(at), (ushort)(1 << bit));
                var delays = RetryDelays.OfController(identify);
                Assert.Equal(
                    (index == 1 ? 1 << bit : 0, index == 2 ? 1 << bit : 0, index == 3 ? 1 << bit : 0),
                    (delays.First, delays.Second, delays.Third));
            }
        }
    }

    [Fact]
    public void Every_status_has_the_time_that_its_two_bits_name()
    {
        var delays = new RetryDelays(1, 20, 299);
        for (int value = 0; value < 0x8000; value++)
        {
            int tenths = (value & 0x1800) switch { 0x0800 => 1, 0x1000 => 20, 0x1800 => 299, _ => 0 };
            Assert.Equal(
                TimeSpan.FromMilliseconds(100 * tenths), delays.Of(new NvmeStatus((ushort)value)));
        }
    }

    [Theory]
    [InlineData(300, 30_000)]
    [InlineData(301, 30_000)]
    [InlineData(ushort.MaxValue, 30_000)]
    [InlineData(299, 29_900)]
    public void No_wait_is_longer_than_half_a_minute(int units, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds),
        new RetryDelays((ushort)units, 0, 0).Of(new NvmeStatus(0x0A81)));

    [Fact]
    public void A_namespace_has_its_controllers_times()
    {
        byte[] controller = FakeNamespace.IdentifyController(7);
        controller[130] = 3;
        using FakeTree tree = FakeNamespace.Tree();
        using NvmeNamespace source = NamespaceOpening.Open(
            tree.Environment, FakeTree.FileOn(259, 0), new FakeNamespace { Controller = controller });
        Assert.Equal(TimeSpan.Zero, source.RetryDelayOf(new NvmeStatus(0x0A81)));
        Assert.Equal(TimeSpan.FromMilliseconds(300), source.RetryDelayOf(new NvmeStatus(0x1281)));
    }
}
