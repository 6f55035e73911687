using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>
/// Per rule: how many marked places it speaks about, with the right span and severity, and how often it
/// speaks where nothing is marked. Museum: how the real bugs are met.
/// </summary>
internal sealed class PrecisionTable
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _verdicts = new(StringComparer.Ordinal);
    private int _silentPrograms;
    private int _misuses;

    public PrecisionTable()
    {
        foreach (string id in Rules.MainSeverities.Keys)
        {
            RowOf(id).IsKnown = true;
        }
    }

    public void Add(CorpusCase program)
    {
        bool isSilent = program.Name.StartsWith("silent/", StringComparison.Ordinal);
        _silentPrograms += isSilent ? 1 : 0;
        _misuses += program.Name.StartsWith("speak/", StringComparison.Ordinal) ? 1 : 0;
        foreach (Marker waiting in program.Waiting)
        {
            RowOf(waiting.Id).Waiting++;
        }
        var left = program.Said.ToList();
        foreach (string expected in program.Expected)
        {
            Row row = RowOf(IdOf(expected));
            row.Expected++;
            row.Caught += left.Remove(expected) ? 1 : 0;
        }
        foreach (string unexpected in left)
        {
            Row row = RowOf(IdOf(unexpected));
            row.FalseInSilent += isSilent ? 1 : 0;
            row.FalseElsewhere += isSilent ? 0 : 1;
        }
        if (program.Name.StartsWith("museum/", StringComparison.Ordinal))
        {
            string kind = VerdictOf(program);
            _verdicts[kind] = _verdicts.GetValueOrDefault(kind) + 1;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{_silentPrograms} correct programs, {_misuses} with a misuse, ");
        text.Append($"{_verdicts.Values.Sum()} real bugs\n");
        text.Append("rule      caught / expected   recall   precision   false: silent, others   waiting\n");
        foreach ((string id, Row row) in _rows)
        {
            int wrong = row.FalseInSilent + row.FalseElsewhere;
            text.Append($"{id,-9} {row.Caught,6} / {row.Expected,-8}  ");
            text.Append($"{Percent(row.Caught, row.Expected),7}   ");
            text.Append($"{Percent(row.Caught, row.Caught + wrong),9}   ");
            text.Append($"{row.FalseInSilent,13}, {row.FalseElsewhere,-6}   ");
            text.Append($"{row.Waiting,7}{(row.IsKnown ? "" : "   (no such rule)")}\n");
        }
        foreach ((string kind, int count) in _verdicts)
        {
            text.Append($"museum: {count} {kind}\n");
        }
        return text.ToString();
    }

    /// <summary>As the header says, unless a rule that must speak does not.</summary>
    private static string VerdictOf(CorpusCase program)
    {
        string kind = MuseumVerdict.Of(program.Source).Kind;
        if (kind != MuseumVerdict.Caught)
        {
            return kind;
        }
        return program.Waiting.Any() ? "waiting for a rule"
            : program.Expected.All(program.Said.Contains) ? kind
            : "not caught, though the header says so";
    }

    private Row RowOf(string id) => _rows.TryGetValue(id, out Row? row) ? row : _rows[id] = new Row();

    /// <summary>Lines are "12: NVG0003 Error ..."; AD0001 has the compiler's own form.</summary>
    private static string IdOf(string line)
    {
        string[] words = line.Split(' ', 3);
        return words.Length > 1 && words[1].StartsWith("NVG", StringComparison.Ordinal) ? words[1] : "AD0001";
    }

    private static string Percent(int part, int all) => all == 0 ? "-" : $"{100.0 * part / all:0.#} %";

    private sealed class Row
    {
        public bool IsKnown;
        public int Expected;
        public int Caught;
        public int FalseInSilent;
        public int FalseElsewhere;
        public int Waiting;
    }
}
