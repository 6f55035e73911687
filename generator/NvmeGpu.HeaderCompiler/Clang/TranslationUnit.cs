using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace NvmeGpu.HeaderCompiler.Clang;

/// <summary>A parsed C file with everything that it includes.</summary>
internal sealed unsafe class TranslationUnit : IDisposable
{
    // CXTranslationUnit_DetailedPreprocessingRecord: keep macro definitions.
    private const uint KeepMacros = 1;

    private readonly nint _index;
    private readonly nint _unit;

    /// <param name="path">The file; need not exist when <paramref name="contents"/> is given.</param>
    /// <param name="arguments">As for the clang command.</param>
    /// <param name="contents">The file's text, when it exists only in memory.</param>
    public TranslationUnit(string path, IReadOnlyList<string> arguments, string? contents = null)
    {
        _index = LibClang.clang_createIndex(0, 0);
        var owned = new List<nint>();
        try
        {
            byte** argumentPointers = stackalloc byte*[arguments.Count];
            for (int i = 0; i < arguments.Count; i++)
            {
                owned.Add(Marshal.StringToCoTaskMemUTF8(arguments[i]));
                argumentPointers[i] = (byte*)owned[^1];
            }
            var unsaved = default(CXUnsavedFile);
            if (contents is not null)
            {
                owned.Add(unsaved.FileName = Marshal.StringToCoTaskMemUTF8(path));
                owned.Add(unsaved.Contents = Marshal.StringToCoTaskMemUTF8(contents));
                unsaved.LengthBytes = (nuint)Encoding.UTF8.GetByteCount(contents);
            }
            int error = LibClang.clang_parseTranslationUnit2(
                _index, path, argumentPointers, arguments.Count, &unsaved, contents is null ? 0u : 1u,
                    KeepMacros, out _unit);
            if (error != 0)
            {
                LibClang.clang_disposeIndex(_index);
                throw new CompilerException(
                    $"{path}: libclang could not read this file (its error code is {error}); check that it "
                        + "exists, that "
                    + "you may read it, and that every --additional argument is one that clang knows");
            }
        }
        finally
        {
            owned.ForEach(Marshal.FreeCoTaskMem);
        }
    }

    public nint Handle => _unit;

    public CXCursor Root => LibClang.clang_getTranslationUnitCursor(_unit);

    public IEnumerable<ClangDiagnostic> Diagnostics()
    {
        uint count = LibClang.clang_getNumDiagnostics(_unit);
        for (uint i = 0; i < count; i++)
        {
            nint diagnostic = LibClang.clang_getDiagnostic(_unit, i);
            yield return new ClangDiagnostic(
                LibClang.clang_getDiagnosticSeverity(diagnostic),
                LibClang.clang_getDiagnosticSpelling(diagnostic).Take(),
                SourceLocation.From(LibClang.clang_getDiagnosticLocation(diagnostic)));
            LibClang.clang_disposeDiagnostic(diagnostic);
        }
    }

    /// <summary>Every file that was read, the first one included, sorted.</summary>
    public IReadOnlyList<string> Files()
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        GCHandle handle = GCHandle.Alloc(files);
        LibClang.clang_getInclusions(_unit, &AddFile, GCHandle.ToIntPtr(handle));
        handle.Free();
        return [.. files];
    }

    /// <summary>The macro whose expansion begins where this node's text stands; null when none
    /// does.</summary>
    public string? MacroAt(CXCursor cursor)
    {
        if (_expansions is null)
        {
            _expansions = [];
            foreach (CXCursor expansion in Root.Children())
            {
                if (expansion.Kind == CursorKind.MacroExpansion)
                {
                    _expansions.TryAdd(PlaceOf(expansion), expansion);
                }
            }
        }
        return _expansions.TryGetValue(PlaceOf(cursor), out CXCursor found) ? found.Spelling() : null;
    }

    private Dictionary<(nint File, uint Offset), CXCursor>? _expansions;

    private static (nint File, uint Offset) PlaceOf(CXCursor cursor)
    {
        LibClang.clang_getExpansionLocation(
            LibClang.clang_getCursorLocation(cursor), out nint file, out _, out _, out uint offset);
        return (file, offset);
    }

    /// <summary>The tokens of a macro's definition: its name, then its body; comments left out.</summary>
    public IReadOnlyList<MacroToken> Tokens(CXCursor cursor)
    {
        CXToken* tokens;
        uint count;
        LibClang.clang_tokenize(_unit, LibClang.clang_getCursorExtent(cursor), &tokens, &count);
        var result = new List<MacroToken>((int)count);
        for (uint i = 0; i < count; i++)
        {
            TokenKind kind = LibClang.clang_getTokenKind(tokens[i]);
            if (kind != TokenKind.Comment)
            {
                CXSourceRange extent = LibClang.clang_getTokenExtent(_unit, tokens[i]);
                result.Add(new MacroToken(
                    kind, LibClang.clang_getTokenSpelling(_unit, tokens[i]).Take(), extent.Begin,
                        extent.End));
            }
        }
        LibClang.clang_disposeTokens(_unit, tokens, count);
        return result;
    }

    public void Dispose()
    {
        LibClang.clang_disposeTranslationUnit(_unit);
        LibClang.clang_disposeIndex(_index);
    }

    [UnmanagedCallersOnly]
    private static void AddFile(nint file, CXSourceLocation* stack, uint depth, nint data)
    {
        ((SortedSet<string>)GCHandle.FromIntPtr(data).Target!).Add(LibClang.clang_getFileName(file).Take());
    }
}

/// <summary>What clang says about the C code.</summary>
internal sealed record ClangDiagnostic(DiagnosticSeverity Severity, string Text, SourceLocation Location);

/// <summary>A token of a macro; the offsets tell which tokens touch.</summary>
internal readonly record struct MacroToken(TokenKind Kind, string Text, uint Begin, uint End);
