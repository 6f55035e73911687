using System;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>The line by which a real bug says how it is met.</summary>
public sealed class MuseumVerdictTests
{
    [Theory]
    [InlineData("// caught: NVG0001", MuseumVerdict.Caught, "NVG0001", "")]
    [InlineData("// caught: NVG0005, NVG0002", MuseumVerdict.Caught, "NVG0002 NVG0005", "")]
    [InlineData("// caught: does not compile (CS1503)", MuseumVerdict.DoesNotCompile, "", "CS1503")]
    [InlineData("// caught: checked runtime", MuseumVerdict.CheckedRuntime, "", "")]
    [InlineData("// missed: it would take NVG0003 across two methods", MuseumVerdict.Missed, "", "")]
    public void A_header_says_rules_or_errors_or_the_runtime_or_nothing(
        string line, string kind, string rules, string errors)
    {
        MuseumVerdict verdict = MuseumVerdict.Of($"// 1: what happened\n{line}\n#nullable enable\n");

        Assert.Equal(kind, verdict.Kind);
        Assert.Equal(rules, string.Join(' ', verdict.Rules));
        Assert.Equal(errors, string.Join(' ', verdict.CompilerErrors));
    }

    [Theory]
    [InlineData("#nullable enable\n")]
    [InlineData("// caught: NVG0001\n// missed: both\n")]
    [InlineData("// caught: somehow\n")]
    public void A_header_without_one_clear_line_is_an_error(string source) =>
        Assert.Throws<FormatException>(() => MuseumVerdict.Of(source));
}
