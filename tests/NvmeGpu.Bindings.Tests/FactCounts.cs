using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace NvmeGpu.Bindings.Tests;

/// <summary>How much of a library was compared with the C compiler, for
/// <see cref="TestKit.FactsFile"/>.</summary>
internal static partial class FactCounts
{
    /// <summary>The counts that facts by themselves give.</summary>
    public static IEnumerable<(string Key, long Count)> Of(IReadOnlyList<(string Key, string Value)> facts) =>
        new[] { ("sizeof", "records"), ("offsetof", "fields"), ("flexible", "flexible"),
            ("bits", "bitfields") }
            .Select(kind => (kind.Item2, (long)facts.Count(fact => fact.Key.StartsWith(
                kind.Item1 + " ", StringComparison.Ordinal))));

    /// <summary>Inline functions translated and refused, from the header compiler's report.</summary>
    public static IEnumerable<(string Key, long Count)> OfReport(string printed) =>
        [("inline", Number(Translated().Match(printed))), ("refused", Number(Refused().Match(printed)))];

    private static long Number(Match match) =>
        match.Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"(\d+) inline functions;")]
    private static partial Regex Translated();

    [GeneratedRegex(@"not bound: (\d+) inline function")]
    private static partial Regex Refused();
}
