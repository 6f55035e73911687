using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>How a real bug is met: the header of its program says one of these.</summary>
/// <param name="Kind">What the table counts it as.</param>
/// <param name="Rules">Ids of the rules that speak.</param>
/// <param name="CompilerErrors">Ids of the compiler's errors.</param>
internal sealed partial record MuseumVerdict(
    string Kind, ImmutableArray<string> Rules, ImmutableArray<string> CompilerErrors)
{
    public const string Caught = "caught by a rule";
    public const string DoesNotCompile = "does not compile";
    public const string CheckedRuntime = "refused by the checked runtime";
    public const string Missed = "missed";

    /// <exception cref="FormatException">There is no such line, or more than one.</exception>
    public static MuseumVerdict Of(string source)
    {
        MatchCollection lines = Lines().Matches(source);
        if (lines.Count != 1)
        {
            throw new FormatException(
                $"{lines.Count} lines '// caught: ...' or '// missed: ...' where one must stand.");
        }
        string said = lines[0].Groups["how"].Value;
        ImmutableArray<string> rules = Sorted(RuleIds(), said);
        ImmutableArray<string> errors = Sorted(CompilerIds(), said);
        return (lines[0].Groups["word"].Value, said) switch
        {
            ("missed", _) => new MuseumVerdict(Missed, [], []),
            (_, "checked runtime") => new MuseumVerdict(CheckedRuntime, [], []),
            _ when errors.Length > 0 => new MuseumVerdict(DoesNotCompile, [], errors),
            _ when rules.Length > 0 => new MuseumVerdict(Caught, rules, []),
            _ => throw new FormatException(
                $"'{said}' says neither a rule, nor an error of the compiler, nor 'checked runtime'."),
        };
    }

    private static ImmutableArray<string> Sorted(Regex ids, string text) =>
        [.. ids.Matches(text).Select(match => match.Value).Distinct().Order()];

    [GeneratedRegex(@"^// (?<word>caught|missed): (?<how>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Lines();

    [GeneratedRegex(@"NVG\d{4}")]
    private static partial Regex RuleIds();

    [GeneratedRegex(@"CS\d{4}")]
    private static partial Regex CompilerIds();
}
