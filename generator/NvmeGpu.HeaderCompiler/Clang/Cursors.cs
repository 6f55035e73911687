using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace NvmeGpu.HeaderCompiler.Clang;

/// <summary>libclang's calls as they read best: strings copied and freed, children as lists.</summary>
internal static unsafe class Cursors
{
    /// <summary>Copies the text and frees libclang's string.</summary>
    public static string Take(this CXString text)
    {
        string result = Marshal.PtrToStringUTF8((nint)LibClang.clang_getCString(text)) ?? "";
        LibClang.clang_disposeString(text);
        return result;
    }

    public static string Spelling(this CXCursor cursor) => LibClang.clang_getCursorSpelling(cursor).Take();

    public static string Spelling(this CXType type) => LibClang.clang_getTypeSpelling(type).Take();

    public static CXType Type(this CXCursor cursor) => LibClang.clang_getCursorType(cursor);

    public static CXType Canonical(this CXType type) => LibClang.clang_getCanonicalType(type);

    public static SourceLocation Location(this CXCursor cursor) =>
        SourceLocation.From(LibClang.clang_getCursorLocation(cursor));

    /// <summary>The same for every redeclaration of one thing.</summary>
    public static nint Identity(this CXCursor cursor) => LibClang.clang_getCanonicalCursor(cursor).Data0;

    public static IReadOnlyList<CXCursor> Children(this CXCursor cursor)
    {
        var children = new List<CXCursor>();
        GCHandle handle = GCHandle.Alloc(children);
        _ = LibClang.clang_visitChildren(cursor, &AddChild, GCHandle.ToIntPtr(handle));
        handle.Free();
        return children;
    }

    public static IReadOnlyList<CXCursor> Fields(this CXType type)
    {
        var fields = new List<CXCursor>();
        GCHandle handle = GCHandle.Alloc(fields);
        _ = LibClang.clang_Type_visitFields(type, &AddField, GCHandle.ToIntPtr(handle));
        handle.Free();
        return fields;
    }

    [UnmanagedCallersOnly]
    private static int AddChild(CXCursor cursor, CXCursor parent, nint data)
    {
        ((List<CXCursor>)GCHandle.FromIntPtr(data).Target!).Add(cursor);
        return 1; // CXChildVisit_Continue
    }

    [UnmanagedCallersOnly]
    private static int AddField(CXCursor cursor, nint data)
    {
        ((List<CXCursor>)GCHandle.FromIntPtr(data).Target!).Add(cursor);
        return 1; // CXVisit_Continue
    }
}
