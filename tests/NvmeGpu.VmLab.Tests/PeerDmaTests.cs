using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>
/// That bytes arrived does not show how. The witness is the emulated drive: QEMU's trace has the bus
/// addresses that it wrote to.
/// </summary>
public sealed class PeerDmaTests
{
    public static TheoryData<string> WithPeerDma { get; } = ["switch-512", "switch-4096", "root-ports-zen"];

    public static TheoryData<string, string> WithEachPath { get; } = new(
        from scenario in (string[])["switch-512", "switch-4096", "root-ports-zen"]
        from path in (string[])["peer", "direct"]
        select (scenario, path));

    [Theory]
    [MemberData(nameof(WithEachPath))]
    public async Task The_drive_writes_into_the_other_controllers_BAR_and_nowhere_else(
        string scenario, string path)
    {
        ScenarioResult result = await SharedLab.ResultOfAsync(scenario);
        (ulong first, ulong last) = Bar(result);
        IReadOnlyList<DmaRange> ranges = result.Traces[path];
        Assert.All(ranges, range => Assert.True(
            range.IsWithin(first, last),
            $"{range.Address:x}, {range.LengthBytes} bytes, is not within {first:x} to {last:x}: a copy."));
        ulong expected = ulong.Parse(result.Facts[$"{path}.bytes"], CultureInfo.InvariantCulture);
        Assert.Equal(expected, ranges.Aggregate(0ul, (sum, range) => sum + range.LengthBytes));
    }

    /// <summary>The same result for the program, and yet no peer DMA: only the witness tells.</summary>
    [Theory]
    [MemberData(nameof(WithPeerDma))]
    public async Task An_unaligned_read_goes_through_RAM(string scenario)
    {
        ScenarioResult result = await SharedLab.ResultOfAsync(scenario);
        (ulong first, ulong last) = Bar(result);
        IReadOnlyList<DmaRange> ranges = result.Traces["unaligned"];
        Assert.Equal(8192ul, ranges.Aggregate(0ul, (sum, range) => sum + range.LengthBytes));
        Assert.All(ranges, range => Assert.False(
            range.IsWithin(first, last), $"{range.Address:x} is within {first:x} to {last:x}."));
    }

    private static (ulong First, ulong Last) Bar(ScenarioResult result)
    {
        ulong first = Address(result, "peer.first");
        ulong last = Address(result, "peer.last");
        Assert.Equal((64ul << 20) - 1, last - first); // cmb_size_mb
        return (first, last);
    }

    private static ulong Address(ScenarioResult result, string fact) =>
        ulong.Parse(result.Facts[fact], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
