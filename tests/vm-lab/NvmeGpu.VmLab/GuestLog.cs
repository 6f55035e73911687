using System;
using System.Collections.Generic;
using System.Globalization;

namespace NvmeGpu.VmLab;

/// <summary>What a guest has said so far.</summary>
internal sealed class GuestLog
{
    private readonly Dictionary<string, GuestTestResult> _results = [];
    private readonly Dictionary<string, string> _facts = [];
    private readonly List<string> _lines = [];
    private string? _running;

    /// <summary>The guest has run all that it was given.</summary>
    public bool IsDone { get; private set; }

    public IReadOnlyDictionary<string, string> Facts => _facts;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Takes a line, and returns its first word and the rest.</summary>
    public (string Word, string Text) Add(string line)
    {
        _lines.Add(line);
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string word = space < 0 ? line : line[..space];
        string text = space < 0 ? "" : GuestWords.Unescape(line[(space + 1)..]);
        switch (word)
        {
            case GuestWords.Begin:
                _running = text;
                break;
            case GuestWords.Passed:
                AddResult(GuestOutcome.Passed, text);
                break;
            case GuestWords.Failed:
                AddResult(GuestOutcome.Failed, text);
                break;
            case GuestWords.Skipped:
                AddResult(GuestOutcome.Skipped, text);
                break;
            case GuestWords.Fact:
                string[] parts = text.Split(' ', 2);
                _facts[parts[0]] = parts.Length > 1 ? parts[1] : "";
                break;
            case GuestWords.Done:
                IsDone = true;
                break;
        }
        return (word, text);
    }

    /// <summary>What the guest said of a test; a failure when it said nothing.</summary>
    public GuestTestResult ResultOf(string test, string? death) =>
        _results.TryGetValue(test, out GuestTestResult? result)
            ? result
            : new GuestTestResult(
                test, GuestOutcome.Failed, 0, death ?? "The guest did not say how this test ended.");

    /// <summary>" in TEST", when one was running.</summary>
    public string Where() => _running is null ? "" : $" in {_running}";

    // "NAME MILLISECONDS [MESSAGE]"
    private void AddResult(GuestOutcome outcome, string text)
    {
        string[] parts = text.Split(' ', 3);
        int milliseconds =
            parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int given)
                ? given
                : 0;
        _results[parts[0]] =
            new GuestTestResult(parts[0], outcome, milliseconds, parts.Length > 2 ? parts[2] : "");
        _running = null;
    }
}
