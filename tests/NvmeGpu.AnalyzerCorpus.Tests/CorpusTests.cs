using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>All rules over every program of tests/corpus, one row per program.</summary>
public sealed partial class CorpusTests
{
    public static TheoryData<string> Silent => [.. CorpusCase.Names("silent")];

    public static TheoryData<string> Speak => [.. CorpusCase.Names("speak")];

    public static TheoryData<string> Museum => [.. CorpusCase.Names("museum")];

    [Theory]
    [MemberData(nameof(Silent))]
    public async Task A_correct_program_is_let_alone(string name)
    {
        CorpusCase program = await CompiledAsync(name);

        Assert.Empty(program.Marked.Markers);
        Assert.Empty(program.Errors);
        Assert.Empty(program.Said);
    }

    [Theory]
    [MemberData(nameof(Speak))]
    public async Task A_misuse_is_said_exactly_where_it_is(string name)
    {
        CorpusCase program = await CompiledAsync(name);

        // Its own rule's, in the folder of that name.
        Assert.Contains(
            program.Marked.Markers,
            marker => name.StartsWith($"speak/{marker.Id}/", StringComparison.Ordinal));
        Assert.Empty(program.Errors);
        Assert.Equal(program.Expected, program.Said);
    }

    [Theory]
    [MemberData(nameof(Museum))]
    public async Task A_real_bug_is_met_as_its_header_says(string name)
    {
        CorpusCase program = await CompiledAsync(name);

        MuseumVerdict verdict = MuseumVerdict.Of(program.Source);
        Assert.Matches(LinkLine(), program.Source);
        Assert.Equal(verdict.CompilerErrors, program.Errors.Select(error => error.Id).Distinct().Order());
        Assert.Equal(
            program.CompilerMarkers.Select(marker => (marker.Id, marker.Span)),
            program.Errors.Select(error => (error.Id, error.Location.SourceSpan)));
        Assert.Equal(verdict.Rules, program.RuleMarkers.Select(marker => marker.Id).Distinct().Order());
        Assert.Equal(program.Expected, program.Said);
    }

    [Fact]
    public async Task No_case_waits_for_a_rule()
    {
        var waiting = new List<string>();
        foreach (string name in CorpusCase.Names("speak").Concat(CorpusCase.Names("museum")))
        {
            CorpusCase program = await CorpusCase.OfAsync(name);
            IEnumerable<string> ids = program.Waiting.Select(marker => marker.Id).Distinct();
            waiting.AddRange(ids.Select(id => $"{name} waits for {id}"));
        }

        string text = string.Join('\n', [$"{waiting.Count} cases wait", .. waiting]);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Assert.True(waiting.Count == 0, text);
    }

    private static async Task<CorpusCase> CompiledAsync(string name)
    {
        CorpusCase program = await CorpusCase.OfAsync(name);
        if (program.LacksInlineFunctions)
        {
            InlineFunctions.Require();
        }
        return program;
    }

    [GeneratedRegex(@"^// .*https?://", RegexOptions.Multiline)]
    private static partial Regex LinkLine();
}
