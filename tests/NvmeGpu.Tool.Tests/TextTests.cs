using System.Linq;
using NvmeGpu.Tool.Bench;
using NvmeGpu.Tool.Text;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>The tool's pure functions.</summary>
public class TextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("4096B", 4096)]
    [InlineData("64K", 65_536)]
    [InlineData("64k", 65_536)]
    [InlineData("64KiB", 65_536)]
    [InlineData("64kB", 64_000)]
    [InlineData("1M", 1L << 20)]
    [InlineData("1MiB", 1L << 20)]
    [InlineData("3G", 3L << 30)]
    [InlineData("1T", 1L << 40)]
    [InlineData("8191P", 8191L << 50)]
    public void A_size_is_read(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 K")]
    [InlineData("1.5M")]
    [InlineData("1Ki")]
    [InlineData("1KiBs")]
    [InlineData("8192P")]
    [InlineData("9223372036854775808")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(1 << 20, "1 MiB")]
    [InlineData(12_288, "12 KiB")]
    [InlineData(4097, "4097 B")]
    [InlineData(0, "0 B")]
    public void A_size_is_written_exactly(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Exact(bytes));

    [Theory]
    [InlineData("plain äöü 🙂", "plain äöü 🙂")]
    [InlineData("a\nb\r\t\u001b[0m", "a\\nb\\r\\t\\x1b[0m")]
    [InlineData("\u0085\u009b", "\\x85\\x9b")]
    [InlineData("\u202e\u2028", "\\u202e\\u2028")]
    public void What_could_act_on_a_terminal_is_shown_as_an_escape(string text, string expected) =>
        Assert.Equal(expected, Printable.Of(text));

    [Fact]
    public void Half_a_character_is_shown_as_an_escape()
    {
        char half = '\ud800'; // not as a test's data: it would not survive the way to the test
        Assert.Equal("a\\ud800x\\n🙂", Printable.Of("a" + half + "x\n🙂"));
    }

    [Fact]
    public void The_median_ratio_lies_inside_its_interval_which_narrows_with_agreement()
    {
        double[] scattered = [.. Enumerable.Range(0, 15).Select(i => 0.9 + (i % 5 * 0.05))];
        PairedRatio wide = PairedRatio.Of(scattered);
        PairedRatio exact = PairedRatio.Of([.. Enumerable.Repeat(1.25, 15)]);
        Assert.Equal(1.0, wide.Median, 9);
        Assert.InRange(wide.Low, 0.9, wide.Median);
        Assert.InRange(wide.High, wide.Median, 1.1);
        Assert.True(wide.High > wide.Low);
        Assert.Equal(new PairedRatio(1.25, 1.25, 1.25), exact);
    }

    [Fact]
    public void The_median_of_an_even_count_is_between_the_middle_two() =>
        Assert.Equal(2.5, PairedRatio.MedianOf([4, 1, 3, 2]));
}
