using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.BindingsOnDemand.Metadata;

namespace NvmeGpu.BindingsOnDemand.Emitting;

/// <summary>
/// The class that a file's declarations are members of: its text from the summary to the opened brace.
/// </summary>
/// <param name="Modifiers">static, sealed: what the accessibility is put in front of.</param>
internal sealed record ContainerHead(string Name, string Modifiers, string Text);

/// <summary>A file of the bindings, from which declarations are cut by their position.</summary>
internal sealed class BindingsText
{
    private static readonly Regex s_class = new(
        @"^(?<modifiers>[a-z ]*?)partial class (?<name>\w+)(\(.*\))?$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    private readonly SourceText _text;
    private readonly string _path;

    private BindingsText(SourceText text, string path, string head, int bodyStart)
    {
        _text = text;
        _path = path;
        Provenance = head.Split('\n').FirstOrDefault(line => line.StartsWith("// ", StringComparison.Ordinal)
            && !line.StartsWith("// <", StringComparison.Ordinal)) ?? "// " + path;
        Usings =
        [
            .. head.Substring(0, bodyStart).Split('\n')
                .Where(line => line.StartsWith("using ", StringComparison.Ordinal)),
        ];
        string body = head.Substring(bodyStart).Trim('\n');
        Match declaration = s_class.Match(body);
        Container = declaration.Success
            ? new ContainerHead(declaration.Groups["name"].Value, declaration.Groups["modifiers"].Value, body)
            : null;
    }

    /// <summary>The comment that names the headers, their version and the target.</summary>
    public string Provenance { get; }

    public IReadOnlyList<string> Usings { get; }

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
        int space = head.IndexOf("\nnamespace NvmeGpu.Bindings;\n", StringComparison.Ordinal);
        if (space < 0)
        {
            problems.Add(Problem(
                entry,
                $"'{file.Text.Path}' does not begin as the header compiler writes it (line ends of a line feed alone, "
                    + "namespace NvmeGpu.Bindings)"));
            return null;
        }
        return new BindingsText(text, file.Text.Path, head, head.IndexOf('\n', space + 1) + 1);
    }

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
            && Container?.Name == entry.Container)
        {
            return cut;
        }
        problems.Add(Problem(
            entry, $"'{entry.Name}' is not where '{entry.Place.Path}' says, at {entry.Start} in '{_path}'"));
        return null;
    }

    private static Finding Problem(IndexEntry entry, string what) => new(
        Rules.UnreadableBindings,
        entry.Place,
        what + "; restore both files from the repository, or run ./build/regenerate");
}
