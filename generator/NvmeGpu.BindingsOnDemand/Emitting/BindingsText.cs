using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.BindingsOnDemand.Metadata;

namespace NvmeGpu.BindingsOnDemand.Emitting;

/// <summary>
/// The class that a file's declarations are members of: its text from the summary to the opened brace.
/// </summary>
/// <param name="Modifiers">static, sealed: what the accessibility is put in front of.</param>
internal sealed record ContainerHead(string Name, string Modifiers, string Text)
{
    /// <summary>
    /// The function table where methods are added to it, behind the class that the file begins with.
    /// </summary>
    public static ContainerHead OfTable(string name) =>
        new(name, "sealed ", $"sealed partial class {name}\n{{");
}

/// <summary>A file of the bindings, from which declarations are cut by their position.</summary>
internal sealed class BindingsText
{
    private const string Namespace = "\nnamespace NvmeGpu.Bindings;\n", Pragma = "#pragma warning disable ";
    private const string Class = "partial class ";

    private readonly SourceText _text;
    private readonly string _path;
    private readonly List<string> _usings = [];
    private readonly List<string> _warnings = [];

    private BindingsText(SourceText text, string path, string head, int bodyStart)
    {
        _text = text;
        _path = path;
        Provenance = "// " + path;
        var body = new List<string>();
        bool isFirstComment = true;
        int start = 0;
        foreach (string line in head.Split('\n'))
        {
            if (line.StartsWith(Pragma, StringComparison.Ordinal))
            {
                AddWarnings(line);
            }
            else if (start >= bodyStart)
            {
                body.Add(line);
            }
            else if (line.StartsWith("using ", StringComparison.Ordinal))
            {
                _usings.Add(line);
            }
            else if (isFirstComment
                && line.StartsWith("// ", StringComparison.Ordinal)
                && !line.StartsWith("// <", StringComparison.Ordinal))
            {
                Provenance = line;
                isFirstComment = false;
            }
            start += line.Length + 1;
        }
        Container = HeadOf(body);
    }

    /// <summary>The comment that names the headers, their version and the target.</summary>
    public string Provenance { get; }

    public IReadOnlyList<string> Usings => _usings;

    /// <summary>The compiler's warnings that the file turns off, wherever in its head it says so.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Null for a file whose declarations are types.</summary>
    public ContainerHead? Container { get; }

    /// <summary>
    /// Reads the head of the file that an entry is in; null, with a problem, if it is not such a file.
    /// </summary>
    public static BindingsText? TryRead(
        IndexEntry entry, BindingsIndex index, List<Finding> problems, CancellationToken cancellation)
    {
        BindingsFile? file = index.File(entry);
        if (file?.Text.GetText(cancellation) is not { } text)
        {
            problems.Add(Problem(entry, $"'{entry.File}', which has '{entry.Name}', is not beside the index "
                + $"'{entry.Place.Path}'"));
            return null;
        }
        string head = text.ToString(new TextSpan(0, Math.Min(index.FirstStart(entry), text.Length)));
        int space = head.IndexOf(Namespace, StringComparison.Ordinal);
        if (space < 0)
        {
            problems.Add(Problem(
                entry,
                $"'{file.Text.Path}' does not begin as the header compiler writes it (line ends of a line "
                + "feed alone, "
                    + "namespace NvmeGpu.Bindings)"));
            return null;
        }
        return new BindingsText(text, file.Text.Path, head, space + Namespace.Length);
    }

    /// <summary>The class that the entry is cut out of; null for a type.</summary>
    public ContainerHead? ContainerOf(IndexEntry entry) =>
        entry.Kind == EntryKind.TableInline ? ContainerHead.OfTable(entry.Container!) : Container;

    /// <summary>
    /// The entry's text, whole lines; null, with a problem, if the index is not that of this file.
    /// </summary>
    public string? TryCut(IndexEntry entry, List<Finding> problems)
    {
        int end = entry.Start + entry.Length;
        if (end > entry.Start
            && end <= _text.Length
            && (entry.Start == 0 || _text[entry.Start - 1] == '\n')
            && _text[end - 1] == '\n'
            && _text.ToString(new TextSpan(entry.Start, entry.Length)) is var cut
            && cut.Contains(entry.Name)
            && ContainerOf(entry)?.Name == entry.Container)
        {
            return cut;
        }
        problems.Add(Problem(
            entry, $"'{entry.Name}' is not where '{entry.Place.Path}' says, at {entry.Start} in '{_path}'"));
        return null;
    }

    // `#pragma warning disable CS0162, CS8981 // why`
    private void AddWarnings(string line)
    {
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        string ids = line.Substring(Pragma.Length, (comment < 0 ? line.Length : comment) - Pragma.Length);
        foreach (string id in ids.Split(','))
        {
            _warnings.Add(id.Trim());
        }
    }

    // Comments and attributes, the class itself, an opened brace; a member's comment may follow.
    private static ContainerHead? HeadOf(List<string> body)
    {
        foreach (string line in body)
        {
            int start = line.StartsWith("///", StringComparison.Ordinal)
                ? -1
                : line.IndexOf(Class, StringComparison.Ordinal);
            if (start < 0)
            {
                continue;
            }
            int name = start + Class.Length;
            int end = line.IndexOf('(', name);
            return new ContainerHead(
                line.Substring(name, (end < 0 ? line.Length : end) - name),
                line.Substring(0, start),
                string.Join("\n", body).Trim('\n'));
        }
        return null;
    }

    private static Finding Problem(IndexEntry entry, string what) => new(
        Rules.UnreadableBindings,
        entry.Place,
        what + "; restore both files from the repository, or run ./build/regenerate");
}
