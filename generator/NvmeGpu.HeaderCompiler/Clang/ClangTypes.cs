using System.Runtime.InteropServices;

namespace NvmeGpu.HeaderCompiler.Clang;

// libclang's public structs and those of its enumerators that the compiler looks at. Names and values as in
// clang-c (stable ABI); the values are checked by every test, since a wrong one gives wrong bindings at once.

/// <summary>CXString: owned by libclang, freed by <c>clang_disposeString</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CXString
{
    public readonly nint Data;
    public readonly uint Flags;
}

/// <summary>CXCursor: a node of the AST, passed by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CXCursor
{
    public readonly CursorKind Kind;
    public readonly int Extra;
    public readonly nint Data0;
    public readonly nint Data1;
    public readonly nint Data2;
}

/// <summary>CXType: a C type, passed by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CXType
{
    public readonly TypeKind Kind;
    public readonly nint Data0;
    public readonly nint Data1;
}

[StructLayout(LayoutKind.Sequential)]
internal readonly struct CXSourceLocation
{
    public readonly nint Data0;
    public readonly nint Data1;
    public readonly uint Offset;
}

[StructLayout(LayoutKind.Sequential)]
internal readonly struct CXSourceRange
{
    public readonly nint Data0;
    public readonly nint Data1;
    public readonly uint Begin;
    public readonly uint End;
}

[StructLayout(LayoutKind.Sequential)]
internal readonly struct CXToken
{
    public readonly uint Kind;
    public readonly uint Data1;
    public readonly uint Data2;
    public readonly uint Data3;
    public readonly nint Pointer;
}

/// <summary>CXUnsavedFile: a file that exists only in memory (the macro probe).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CXUnsavedFile
{
    public nint FileName;
    public nint Contents;
    public nuint LengthBytes;
}

internal enum CursorKind
{
    StructDecl = 2,
    UnionDecl = 3,
    EnumDecl = 5,
    FieldDecl = 6,
    EnumConstantDecl = 7,
    FunctionDecl = 8,
    VarDecl = 9,
    ParmDecl = 10,
    TypedefDecl = 20,
    DeclRefExpr = 101,
    MacroDefinition = 501,
    MacroExpansion = 502,
    InclusionDirective = 503,
}

internal enum TypeKind
{
    Invalid = 0,
    Void = 2,
    Bool = 3,
    CharU = 4,
    UChar = 5,
    UShort = 8,
    UInt = 9,
    ULong = 10,
    ULongLong = 11,
    UInt128 = 12,
    CharS = 13,
    SChar = 14,
    WChar = 15,
    Short = 16,
    Int = 17,
    Long = 18,
    LongLong = 19,
    Int128 = 20,
    Float = 21,
    Double = 22,
    LongDouble = 23,
    Float128 = 30,
    Complex = 100,
    Pointer = 101,
    Record = 105,
    Enum = 106,
    Typedef = 107,
    FunctionNoProto = 110,
    FunctionProto = 111,
    ConstantArray = 112,
    Vector = 113,
    IncompleteArray = 114,
    VariableArray = 115,
    Elaborated = 119,
    Attributed = 163,
    ExtVector = 176,
    Atomic = 177,
}

internal enum DiagnosticSeverity
{
    Ignored = 0,
    Note = 1,
    Warning = 2,
    Error = 3,
    Fatal = 4,
}

internal enum EvaluationKind
{
    None = 0,
    Int = 1,
    Float = 2,
    StringLiteral = 4,
}

internal enum TokenKind
{
    Punctuation = 0,
    Keyword = 1,
    Identifier = 2,
    Literal = 3,
    Comment = 4,
}
