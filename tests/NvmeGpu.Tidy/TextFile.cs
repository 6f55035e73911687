using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy;

/// <summary>A text file of the repository, by its path below the root, with what the checks ask about
/// it.</summary>
public sealed class TextFile(string path, string text)
{
    private CompilationUnitSyntax? _root;

    public string Path { get; } = path;

    public string Text { get; } = text;

    public IReadOnlyList<string> Lines { get; } = text.Split('\n');

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsGenerated => Path.EndsWith(".g.cs", StringComparison.Ordinal);

    /// <summary>C# that a person wrote.</summary>
    public bool IsHandwrittenCSharp => IsCSharp && !IsGenerated;

    /// <summary>Compiled into the projects of others.</summary>
    public bool IsShipped => IsCSharp && IsBelow("runtime", "bindings");

    /// <summary>Programs with mistakes on purpose, held to nothing but their text.</summary>
    public bool IsCorpus => IsBelow("tests/corpus");

    /// <summary>The syntax of a C# file.</summary>
    public CompilationUnitSyntax Root => _root ??= CSharpSyntaxTree.ParseText(
        Text, new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Parse), Path)
        .GetCompilationUnitRoot();

    public bool IsBelow(params IEnumerable<string> folders) =>
        folders.Any(folder => Path.StartsWith(folder + "/", StringComparison.Ordinal));

    public int LineOf(SyntaxNode node) => LineAt(node.SpanStart);

    public int LineAt(int position) => Root.SyntaxTree.GetText().Lines.GetLinePosition(position).Line + 1;

    public Finding At(int line, string sentence) => new(Path, line, sentence);

    public Finding At(SyntaxNode node, string sentence) => new(Path, LineOf(node), sentence);

    /// <summary>Null where the bytes are no text.</summary>
    public static TextFile? Read(string root, string path)
    {
        string text = File.ReadAllText(System.IO.Path.Combine(root, path));
        return text.Contains('\0') ? null : new TextFile(path, text);
    }
}
