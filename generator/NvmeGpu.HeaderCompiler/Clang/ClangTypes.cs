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
    UnexposedDecl = 1,
    StructDecl = 2,
    UnionDecl = 3,
    EnumDecl = 5,
    FieldDecl = 6,
    EnumConstantDecl = 7,
    FunctionDecl = 8,
    VarDecl = 9,
    ParmDecl = 10,
    TypedefDecl = 20,
    UnexposedExpr = 100,
    DeclRefExpr = 101,
    MemberRefExpr = 102,
    CallExpr = 103,
    IntegerLiteral = 106,
    FloatingLiteral = 107,
    StringLiteral = 109,
    CharacterLiteral = 110,
    ParenExpr = 111,
    UnaryOperator = 112,
    ArraySubscriptExpr = 113,
    BinaryOperator = 114,
    CompoundAssignOperator = 115,
    ConditionalOperator = 116,
    CStyleCastExpr = 117,
    CompoundLiteralExpr = 118,
    InitListExpr = 119,
    AddrLabelExpr = 120,
    StmtExpr = 121,
    GenericSelectionExpr = 122,
    UnaryExpr = 136, // sizeof and alignof
    UnexposedStmt = 200,
    LabelStmt = 201,
    CompoundStmt = 202,
    CaseStmt = 203,
    DefaultStmt = 204,
    IfStmt = 205,
    SwitchStmt = 206,
    WhileStmt = 207,
    DoStmt = 208,
    ForStmt = 209,
    GotoStmt = 210,
    IndirectGotoStmt = 211,
    ContinueStmt = 212,
    BreakStmt = 213,
    ReturnStmt = 214,
    GccAsmStmt = 215,
    MSAsmStmt = 229,
    NullStmt = 230,
    DeclStmt = 231,
    UnexposedAttr = 400,
    AlignedAttr = 441,
    MacroDefinition = 501,
    MacroExpansion = 502,
    InclusionDirective = 503,
    StaticAssert = 602,
}

internal enum BinaryOperatorKind
{
    Mul = 3,
    Div = 4,
    Rem = 5,
    Add = 6,
    Sub = 7,
    Shl = 8,
    Shr = 9,
    LT = 11,
    GT = 12,
    LE = 13,
    GE = 14,
    EQ = 15,
    NE = 16,
    And = 17,
    Xor = 18,
    Or = 19,
    LAnd = 20,
    LOr = 21,
    Assign = 22,
    MulAssign = 23,
    DivAssign = 24,
    RemAssign = 25,
    AddAssign = 26,
    SubAssign = 27,
    ShlAssign = 28,
    ShrAssign = 29,
    AndAssign = 30,
    XorAssign = 31,
    OrAssign = 32,
    Comma = 33,
}

internal enum UnaryOperatorKind
{
    PostInc = 1,
    PostDec = 2,
    PreInc = 3,
    PreDec = 4,
    AddrOf = 5,
    Deref = 6,
    Plus = 7,
    Minus = 8,
    Not = 9,
    LNot = 10,
    Extension = 13,
}

internal enum TypeKind
{
    Invalid = 0,
    Unexposed = 1,
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
    Half = 31,
    Float16 = 32,
    BFloat16 = 39,
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
