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
    [Theory]
    [InlineData("switch-512")]
    [InlineData("switch-4096")]
    [InlineData("root-ports-zen")]
    public async Task The_drive_writes_into_the_other_controllers_BAR_and_nowhere_else(string scenario)
    {
        ScenarioResult result = await SharedLab.ResultOfAsync(scenario);
        ulong first = Address(result, "peer.first");
        ulong last = Address(result, "peer.last");
        ulong expected = ulong.Parse(result.Facts["peer.bytes"], CultureInfo.InvariantCulture);
        Assert.Equal((64ul << 20) - 1, last - first); // cmb_size_mb
        Assert.All(result.Dma, range => Assert.True(
            range.IsWithin(first, last),
            $"{range.Address:x}, {range.LengthBytes} bytes, is not within {first:x} to {last:x}: a bounce."));
        Assert.Equal(expected, result.Dma.Aggregate(0ul, (sum, range) => sum + range.LengthBytes));
    }

    private static ulong Address(ScenarioResult result, string fact) =>
        ulong.Parse(result.Facts[fact], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
