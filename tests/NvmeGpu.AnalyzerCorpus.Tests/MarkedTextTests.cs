using System;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>The notation by which programs of the corpus say what must be said about them.</summary>
public sealed class MarkedTextTests
{
    [Fact]
    public void A_text_without_markers_is_itself()
    {
        MarkedText parsed = MarkedText.Parse("if (a || b) { f(); }");

        Assert.Equal("if (a || b) { f(); }", parsed.Text);
        Assert.Empty(parsed.Markers);
    }

    [Fact]
    public void A_marker_is_the_span_of_the_text_without_markers()
    {
        MarkedText parsed = MarkedText.Parse("a {|NVG0003:bc|} {|NVG0004.may:d|}e");

        Assert.Equal("a bc de", parsed.Text);
        Assert.Equal(
            [
                new Marker("NVG0003", false, new TextSpan(2, 2)),
                new Marker("NVG0004", true, new TextSpan(5, 1)),
            ],
            parsed.Markers);
    }

    [Fact]
    public void Markers_stand_inside_one_another_and_at_the_same_place()
    {
        MarkedText parsed = MarkedText.Parse("{|NVG0001:{|NVG0002:a|} + b|}");

        Assert.Equal("a + b", parsed.Text);
        Assert.Equal(
            [("NVG0001", "a + b"), ("NVG0002", "a")],
            parsed.Markers.Select(marker =>
                (marker.Id, parsed.Text.Substring(marker.Span.Start, marker.Span.Length))));
    }

    [Theory]
    [InlineData("{|NVG0003:a")]
    [InlineData("a|}")]
    [InlineData("{|NVG3:a|}")]
    [InlineData("{|NVG0003.must:a|}")]
    public void A_broken_marker_is_an_error(string marked) =>
        Assert.Throws<FormatException>(() => MarkedText.Parse(marked));
}
