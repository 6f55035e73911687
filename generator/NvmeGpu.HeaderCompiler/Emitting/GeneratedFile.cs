using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>A file while it is written, and where in it each declaration begins and ends.</summary>
internal sealed class GeneratedFile(string name)
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _owesBlankLine;

    public string Name => name;

    public List<IndexEntry> Entries { get; } = [];

    public string Text => _text.ToString();

    /// <summary>
    /// One line at the current depth. An empty one is written only when something but a brace follows.
    /// </summary>
    public void Line(string text = "")
    {
        if (text.Length == 0)
        {
            _owesBlankLine = true;
            return;
        }
        if (text[0] != '}')
        {
            WriteOwedLine();
        }
        _owesBlankLine = false;
        // Preprocessor lines start at the margin, as the compiler's own formatter has them.
        _text.Append(' ', text[0] == '#' ? 0 : _depth * 4).Append(text).Append('\n');
    }

    public void Open()
    {
        Line("{");
        _depth++;
    }

    public void Close(string after = "")
    {
        _depth--;
        Line("}" + after);
    }

    /// <summary>One level deeper without a brace: what follows a case label.</summary>
    public void Indent() => _depth++;

    public void Outdent() => _depth--;

    /// <summary>
    /// Writes one declaration and notes its span, so that it can be cut out of the text again.
    /// </summary>
    public void Declare(
        string declaration, string kind, string spelling, IEnumerable<string> dependencies, Action write)
    {
        WriteOwedLine();
        int start = _text.Length;
        write();
        Entries.Add(new IndexEntry(
            declaration,
            kind,
            name,
            start,
            _text.Length - start,
            [.. dependencies.Where(d => d.Length > 0 && d != declaration).Distinct().Order(
                StringComparer.Ordinal)],
            spelling));
    }

    private void WriteOwedLine()
    {
        if (_owesBlankLine)
        {
            _text.Append('\n');
            _owesBlankLine = false;
        }
    }
}

/// <summary>One line of the index.</summary>
/// <param name="Start">In characters, which are bytes: generated text is ASCII.</param>
internal sealed record IndexEntry(
    string Name, string Kind, string File, int Start, int Length, IReadOnlyList<string> Dependencies,
        string Spelling);
