using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>What must be said at one place of a program.</summary>
/// <param name="IsMay">On some path only: one step below the rule's main severity.</param>
internal sealed record Marker(string Id, bool IsMay, TextSpan Span)
{
    public bool IsOfCompiler => Id.StartsWith("CS", StringComparison.Ordinal);
}

/// <summary>
/// A program whose text says where rules must speak, <c>{|NVG0003:span|}</c> or <c>{|NVG0003.may:span|}</c>,
/// or where the compiler refuses it, <c>{|CS1503:span|}</c>.
/// Markers may stand inside one another. Spans are those of the text without markers.
/// </summary>
internal sealed partial class MarkedText
{
    private MarkedText(string text, ImmutableArray<Marker> markers)
    {
        Text = text;
        Markers = markers;
    }

    /// <summary>What is compiled.</summary>
    public string Text { get; }

    /// <summary>In the order of their first characters, outer ones first.</summary>
    public ImmutableArray<Marker> Markers { get; }

    /// <exception cref="FormatException">A marker is not closed, closes nothing, or has no id.</exception>
    public static MarkedText Parse(string marked)
    {
        var text = new StringBuilder(marked.Length);
        var open = new Stack<(string Id, bool IsMay, int Start)>();
        var markers = new List<Marker>();
        int position = 0;
        foreach (Match mark in Marks().Matches(marked))
        {
            text.Append(marked, position, mark.Index - position);
            position = mark.Index + mark.Length;
            if (mark.Value != "|}")
            {
                open.Push((IdOf(mark, marked), mark.Groups["may"].Success, text.Length));
            }
            else if (open.TryPop(out (string Id, bool IsMay, int Start) opened))
            {
                markers.Add(new Marker(
                    opened.Id, opened.IsMay, TextSpan.FromBounds(opened.Start, text.Length)));
            }
            else
            {
                throw new FormatException($"{LineOf(marked, mark.Index)}: '|}}' closes nothing.");
            }
        }
        if (open.TryPeek(out (string Id, bool IsMay, int Start) left))
        {
            throw new FormatException($"The marker of {left.Id} is not closed.");
        }
        text.Append(marked, position, marked.Length - position);
        return new MarkedText(
            text.ToString(),
            [.. markers.OrderBy(marker => marker.Span.Start).ThenByDescending(marker => marker.Span.Length)]);
    }

    private static string IdOf(Match mark, string marked) => mark.Groups["id"].Success
        ? mark.Groups["id"].Value
        : throw new FormatException(
            $"{LineOf(marked, mark.Index)}: not {{|NVG0003:span|}} or {{|NVG0003.may:span|}}.");

    private static string LineOf(string marked, int index) =>
        $"line {marked.AsSpan(0, index).Count('\n') + 1}";

    [GeneratedRegex(@"\{\|((?<id>(NVG|CS)\d{4})(?<may>\.may)?:)?|\|\}")]
    private static partial Regex Marks();
}
