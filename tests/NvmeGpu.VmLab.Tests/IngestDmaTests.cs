using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>
/// That the ingest driver's reads into peer memory are peer DMA: QEMU's trace is the witness.
/// </summary>
public sealed class IngestDmaTests
{
    public static TheoryData<string, string> Traces { get; } = new()
    {
        { "switch-512", "ingest" },
        { "switch-512", "ingest-file" },
        { "switch-4096", "ingest" },
        { "switch-4096", "ingest-file" },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public async Task The_drivers_slots_are_written_in_the_other_controllers_BAR(
        string scenario, string trace)
    {
        ScenarioResult result = await SharedLab.ResultOfAsync(scenario);
        ulong first = Address(result, "ingest.first");
        ulong last = Address(result, "ingest.last");
        IReadOnlyList<DmaRange> ranges = result.Traces[trace];
        Assert.NotEmpty(ranges);
        Assert.All(ranges, range => Assert.True(
            range.IsWithin(first, last),
            $"{range.Address:x}, {range.LengthBytes} bytes, is not within {first:x} to {last:x}: a copy."));
        ulong expected = ulong.Parse(result.Facts[trace + ".bytes"], CultureInfo.InvariantCulture);
        ulong written = ranges.Aggregate(0ul, (sum, range) => sum + range.LengthBytes);
        // A file's length ends within a block, which is read as a whole.
        Assert.InRange(written, expected, expected + (trace == "ingest" ? 0u : 4095u));
    }

    private static ulong Address(ScenarioResult result, string fact) =>
        ulong.Parse(result.Facts[fact], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
