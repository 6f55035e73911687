using System.Runtime.InteropServices;

namespace NvmeGpu.HeaderCompiler.Clang;

/// <summary>
/// The part of libclang's C API that the compiler uses, declared by hand. The library is found by
/// <see cref="LibClangLocator"/> and bound at the first call.
/// </summary>
internal static unsafe partial class LibClang
{
    internal const string Name = "libclang";

    [LibraryImport(Name)]
    internal static partial nint clang_createIndex(int excludeDeclarationsFromPch, int displayDiagnostics);

    [LibraryImport(Name)]
    internal static partial void clang_disposeIndex(nint index);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int clang_parseTranslationUnit2(
        nint index,
        string sourceFile,
        byte** arguments,
        int argumentCount,
        CXUnsavedFile* unsavedFiles,
        uint unsavedFileCount,
        uint options,
        out nint unit);

    [LibraryImport(Name)]
    internal static partial void clang_disposeTranslationUnit(nint unit);

    [LibraryImport(Name)]
    internal static partial CXString clang_getClangVersion();

    [LibraryImport(Name)]
    internal static partial byte* clang_getCString(CXString text);

    [LibraryImport(Name)]
    internal static partial void clang_disposeString(CXString text);

    [LibraryImport(Name)]
    internal static partial uint clang_getNumDiagnostics(nint unit);

    [LibraryImport(Name)]
    internal static partial nint clang_getDiagnostic(nint unit, uint index);

    [LibraryImport(Name)]
    internal static partial void clang_disposeDiagnostic(nint diagnostic);

    [LibraryImport(Name)]
    internal static partial DiagnosticSeverity clang_getDiagnosticSeverity(nint diagnostic);

    [LibraryImport(Name)]
    internal static partial CXString clang_getDiagnosticSpelling(nint diagnostic);

    [LibraryImport(Name)]
    internal static partial CXSourceLocation clang_getDiagnosticLocation(nint diagnostic);

    [LibraryImport(Name)]
    internal static partial void clang_getFileLocation(
        CXSourceLocation location, out nint file, out uint line, out uint column, out uint offset);

    [LibraryImport(Name)]
    internal static partial void clang_getExpansionLocation(
        CXSourceLocation location, out nint file, out uint line, out uint column, out uint offset);

    [LibraryImport(Name)]
    internal static partial CXString clang_getFileName(nint file);

    [LibraryImport(Name)]
    internal static partial void clang_getInclusions(
        nint unit, delegate* unmanaged<nint, CXSourceLocation*, uint, nint, void> visitor, nint data);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_getTranslationUnitCursor(nint unit);

    [LibraryImport(Name)]
    internal static partial uint clang_visitChildren(
        CXCursor parent, delegate* unmanaged<CXCursor, CXCursor, nint, int> visitor, nint data);

    [LibraryImport(Name)]
    internal static partial uint clang_Type_visitFields(
        CXType type, delegate* unmanaged<CXCursor, nint, int> visitor, nint data);

    [LibraryImport(Name)]
    internal static partial CXSourceLocation clang_getCursorLocation(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXSourceRange clang_getCursorExtent(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXSourceLocation clang_getRangeStart(CXSourceRange range);

    [LibraryImport(Name)]
    internal static partial CXString clang_getCursorSpelling(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXString clang_getCursorPrettyPrinted(CXCursor cursor, nint policy);

    [LibraryImport(Name)]
    internal static partial CXType clang_getCursorType(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_getCanonicalCursor(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_getCursorDefinition(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_getCursorReferenced(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_getCursorSemanticParent(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_Cursor_getVarDeclInitializer(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial BinaryOperatorKind clang_getCursorBinaryOperatorKind(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial UnaryOperatorKind clang_getCursorUnaryOperatorKind(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial uint clang_isVolatileQualifiedType(CXType type);

    [LibraryImport(Name)]
    internal static partial uint clang_isCursorDefinition(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial int clang_Cursor_isNull(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial uint clang_Cursor_isAnonymous(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial uint clang_Cursor_isAnonymousRecordDecl(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial uint clang_Cursor_isBitField(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial int clang_getFieldDeclBitWidth(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial long clang_Cursor_getOffsetOfField(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXType clang_getTypedefDeclUnderlyingType(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXType clang_getEnumDeclIntegerType(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial long clang_getEnumConstantDeclValue(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial ulong clang_getEnumConstantDeclUnsignedValue(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial uint clang_Cursor_isFunctionInlined(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial int clang_Cursor_getStorageClass(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial int clang_Cursor_getNumArguments(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_Cursor_getArgument(CXCursor cursor, uint index);

    [LibraryImport(Name)]
    internal static partial CXType clang_getCanonicalType(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_getUnqualifiedType(CXType type);

    [LibraryImport(Name)]
    internal static partial uint clang_isConstQualifiedType(CXType type);

    [LibraryImport(Name)]
    internal static partial CXString clang_getTypeSpelling(CXType type);

    [LibraryImport(Name)]
    internal static partial CXCursor clang_getTypeDeclaration(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_Type_getNamedType(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_Type_getModifiedType(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_getPointeeType(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_getArrayElementType(CXType type);

    [LibraryImport(Name)]
    internal static partial long clang_getArraySize(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_getResultType(CXType type);

    [LibraryImport(Name)]
    internal static partial int clang_getNumArgTypes(CXType type);

    [LibraryImport(Name)]
    internal static partial CXType clang_getArgType(CXType type, uint index);

    [LibraryImport(Name)]
    internal static partial uint clang_isFunctionTypeVariadic(CXType type);

    [LibraryImport(Name)]
    internal static partial long clang_Type_getSizeOf(CXType type);

    [LibraryImport(Name)]
    internal static partial long clang_Type_getAlignOf(CXType type);

    [LibraryImport(Name)]
    internal static partial uint clang_Cursor_isMacroFunctionLike(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial uint clang_Cursor_isMacroBuiltin(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial void clang_tokenize(
        nint unit, CXSourceRange range, CXToken** tokens, uint* count);

    [LibraryImport(Name)]
    internal static partial void clang_disposeTokens(nint unit, CXToken* tokens, uint count);

    [LibraryImport(Name)]
    internal static partial TokenKind clang_getTokenKind(CXToken token);

    [LibraryImport(Name)]
    internal static partial CXString clang_getTokenSpelling(nint unit, CXToken token);

    [LibraryImport(Name)]
    internal static partial CXSourceRange clang_getTokenExtent(nint unit, CXToken token);

    [LibraryImport(Name)]
    internal static partial nint clang_Cursor_Evaluate(CXCursor cursor);

    [LibraryImport(Name)]
    internal static partial EvaluationKind clang_EvalResult_getKind(nint result);

    [LibraryImport(Name)]
    internal static partial long clang_EvalResult_getAsLongLong(nint result);

    [LibraryImport(Name)]
    internal static partial uint clang_EvalResult_isUnsignedInt(nint result);

    [LibraryImport(Name)]
    internal static partial ulong clang_EvalResult_getAsUnsigned(nint result);

    [LibraryImport(Name)]
    internal static partial double clang_EvalResult_getAsDouble(nint result);

    [LibraryImport(Name)]
    internal static partial byte* clang_EvalResult_getAsStr(nint result);

    [LibraryImport(Name)]
    internal static partial void clang_EvalResult_dispose(nint result);
}
