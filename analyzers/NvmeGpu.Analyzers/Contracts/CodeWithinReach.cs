using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// The files of a compilation that may use the library: those whose text names it, and those that name a type
/// (or an extension method) which such a file declares, and so on. Everything else is turned away before its
/// code is looked at, so that it costs nothing. A file can be in here without using the library, never the
/// other way round.
/// </summary>
internal sealed class CodeWithinReach
{
    private const string LibraryName = "NvmeGpu";

    /// <summary>With more names than this, looking for them costs more than it saves.</summary>
    private const int NamesMax = 256;

    private static readonly ImmutableArray<string> s_ownNamespaces =
        ImmutableArray.Create(LibraryName, LibraryName + ".Bindings", LibraryName + ".Contracts");

    /// <summary>Null: all of them.</summary>
    private readonly HashSet<SyntaxTree>? _files;

    private CodeWithinReach(HashSet<SyntaxTree>? files) => _files = files;

    public static CodeWithinReach Everything => new(null);

    public bool IsEmpty => _files is { Count: 0 };

    public bool Contains(SyntaxTree? file) => file is not null && (_files is null || _files.Contains(file));

    /// <summary>A file that declares the symbol.</summary>
    public bool ContainsAny(ISymbol symbol)
    {
        foreach (Location place in symbol.Locations)
        {
            if (Contains(place.SourceTree))
            {
                return true;
            }
        }
        return false;
    }

    public static CodeWithinReach Of(Compilation compilation, CancellationToken cancellation)
    {
        var reached = new HashSet<SyntaxTree>();
        var others = new List<(SyntaxTree File, string Text)>();
        var names = new Queue<string>();
        int nameCount = 0;
        foreach (SyntaxTree file in compilation.SyntaxTrees)
        {
            string text = file.GetText(cancellation).ToString();
            if (text.IndexOf(LibraryName, StringComparison.Ordinal) < 0)
            {
                others.Add((file, text));
            }
            else if (IsForAll(file, cancellation))
            {
                return Everything;
            }
            else
            {
                reached.Add(file);
                nameCount += Enqueue(names, file, cancellation);
            }
        }
        while (names.Count > 0 && others.Count > 0)
        {
            if (nameCount > NamesMax)
            {
                return Everything;
            }
            string name = names.Dequeue();
            for (int i = others.Count - 1; i >= 0; i--)
            {
                if (others[i].Text.IndexOf(name, StringComparison.Ordinal) >= 0)
                {
                    reached.Add(others[i].File);
                    nameCount += Enqueue(names, others[i].File, cancellation);
                    others.RemoveAt(i);
                }
            }
        }
        return new CodeWithinReach(reached);
    }

    /// <summary>A <c>global using</c> of the library brings its names into every file.</summary>
    private static bool IsForAll(SyntaxTree file, CancellationToken cancellation) =>
        file.GetRoot(cancellation) is CompilationUnitSyntax unit && unit.Usings.Any(
            one => !one.GlobalKeyword.IsKind(SyntaxKind.None)
                && one.ToString().IndexOf(LibraryName, StringComparison.Ordinal) >= 0);

    /// <summary>
    /// What other files can name it by. The library's own sources (source mode) need none: who uses them
    /// names the library.
    /// </summary>
    private static int Enqueue(Queue<string> names, SyntaxTree file, CancellationToken cancellation)
    {
        if (file.GetRoot(cancellation) is not CompilationUnitSyntax unit)
        {
            return 0;
        }
        int before = names.Count;
        foreach (MemberDeclarationSyntax member in unit.Members)
        {
            Enqueue(names, member);
        }
        return names.Count - before;
    }

    private static void Enqueue(Queue<string> names, MemberDeclarationSyntax member)
    {
        switch (member)
        {
            case BaseNamespaceDeclarationSyntax space when !s_ownNamespaces.Contains(space.Name.ToString()):
                foreach (MemberDeclarationSyntax inner in space.Members)
                {
                    Enqueue(names, inner);
                }
                break;
            case DelegateDeclarationSyntax type:
                names.Enqueue(type.Identifier.ValueText);
                break;
            case BaseTypeDeclarationSyntax type:
                names.Enqueue(type.Identifier.ValueText);
                if (type is ClassDeclarationSyntax extending)
                {
                    EnqueueExtensions(names, extending.Members);
                }
                break;
        }
    }

    private static void EnqueueExtensions(Queue<string> names, SyntaxList<MemberDeclarationSyntax> members)
    {
        foreach (MemberDeclarationSyntax member in members)
        {
            switch (member)
            {
                case MethodDeclarationSyntax { ParameterList.Parameters: { Count: > 0 } parameters } method
                    when parameters[0].Modifiers.Any(SyntaxKind.ThisKeyword):
                    names.Enqueue(method.Identifier.ValueText);
                    break;
                case ExtensionBlockDeclarationSyntax block:
                    foreach (MemberDeclarationSyntax inner in block.Members)
                    {
                        names.Enqueue(inner switch
                        {
                            MethodDeclarationSyntax method => method.Identifier.ValueText,
                            PropertyDeclarationSyntax property => property.Identifier.ValueText,
                            _ => LibraryName, // an operator, which has no name: any file that names us
                        });
                    }
                    break;
            }
        }
    }
}
