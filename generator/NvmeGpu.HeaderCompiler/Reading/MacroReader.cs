using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Reading;

/// <summary>
/// Folds object-like macros to typed constants. libclang has no values for macros, so a second, in-memory
/// parse declares one variable per macro (<c>__auto_type p = (X);</c>) and asks clang for the variables'
/// types and values. A macro whose line has an error is no constant expression. Values are those at the end
/// of the unit.
/// </summary>
internal sealed class MacroReader(
    CompilerOptions options, Overlay overlay, TypeReader types, LibraryModel library,
        HashSet<string> functionNames)
{
    private const string ValueProbe = "nvg_value_";
    private const string AddressProbe = "nvg_address_";
    private const string TextProbe = "nvg_text_";

    private static readonly HashSet<string> s_notInExpressions =
        ["{", "}", ";", "#", "__attribute__", "static", "inline", "extern", "typedef", "do", "while", "for",
            "if", "return", "goto"];

    public void Read(
        TranslationUnit unit, IReadOnlyList<CXCursor> macros, string? umbrella, string[] arguments)
    {
        var candidates = new List<Candidate>();
        foreach (CXCursor macro in LastDefinitions(macros))
        {
            if (Classify(unit, macro) is { } candidate)
            {
                candidates.Add(candidate);
            }
        }
        if (candidates.Count > 0)
        {
            Probe(candidates, umbrella, arguments);
        }
    }

    // A macro may be defined again; the unit's last definition is the one that the probe sees.
    private static IEnumerable<CXCursor> LastDefinitions(IReadOnlyList<CXCursor> macros)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < macros.Count; i++)
        {
            last[macros[i].Spelling()] = i;
        }
        return last.Values.Order().Select(i => macros[i]);
    }

    private Candidate? Classify(TranslationUnit unit, CXCursor macro)
    {
        string name = macro.Spelling();
        SourceLocation location = macro.Location();
        if (options.IsExcluded(name))
        {
            return null;
        }
        IReadOnlyList<MacroToken> tokens = unit.Tokens(macro);
        // clang forgets what kind of macro it was at #undef; the parenthesis that touches the name does not.
        if (LibClang.clang_Cursor_isMacroFunctionLike(macro) != 0
            || (tokens.Count > 1 && tokens[1].Text == "(" && tokens[1].Begin == tokens[0].End))
        {
            library.Unbound.Add(
                new Unbound("function-like macro", name, "has no value of its own", location));
            return null;
        }
        List<MacroToken> body = [.. tokens.Skip(1)];
        if (body.Count == 0)
        {
            return null; // include guards and feature switches say nothing that C# could use
        }
        if (body.Any(token => s_notInExpressions.Contains(token.Text)))
        {
            library.Unbound.Add(
                new Unbound("macro", name, "is a piece of code, not an expression", location));
            return null;
        }
        return new Candidate(name, Join(body), body[0].Text.StartsWith('"'), location);
    }

    // The body as written, with one blank where there was any white space or a comment.
    private static string Join(List<MacroToken> body)
    {
        var text = new StringBuilder();
        uint end = body[0].Begin;
        foreach (MacroToken token in body)
        {
            text.Append(token.Begin == end ? "" : " ").Append(token.Text);
            end = token.End;
        }
        return text.ToString();
    }

    private void Probe(List<Candidate> candidates, string? umbrella, string[] arguments)
    {
        var source = new StringBuilder(umbrella ?? $"#include \"{options.Files[0]}\"\n");

        foreach (Candidate candidate in candidates)
        {
            foreach (string probe in ProbesOf(candidate))
            {
                source.Append(probe).Append('\n');
            }
        }

        const string ProbeFile = "/nvmegpu-macro-probe.c";
        using var unit = new TranslationUnit(ProbeFile, arguments, source.ToString());
        HashSet<uint> failed = [.. unit.Diagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Error)
            .Where(diagnostic => diagnostic.Location.File == ProbeFile)
            .Select(diagnostic => diagnostic.Location.Line)];
        Dictionary<string, CXCursor> variables = [];
        foreach (CXCursor cursor in unit.Root.Children())
        {
            if (cursor.Kind == CursorKind.VarDecl && cursor.Location() is var at && at.File == ProbeFile
                && !failed.Contains(at.Line))
            {
                variables[cursor.Spelling()] = cursor;
            }
        }
        // Types that only a macro names are read while the probe's unit lives.
        foreach (Candidate candidate in candidates)
        {
            if (FunctionOf(candidate, variables) is { } function)
            {
                if (function != candidate.Name)
                {
                    library.Aliases.Add(new FunctionAlias(
                        options.Rename(candidate.Name), options.Rename(function), candidate.Location));
                }
            }
            else if (Evaluate(candidate, variables) is { } constant)
            {
                library.Constants.Add(constant);
            }
            else
            {
                string reason = candidate.IsText
                    ? "is no text, or one that is not UTF-8 without NUL" : "is no constant expression";
                library.Unbound.Add(new Unbound(
                    "macro", candidate.Name, $"{reason}: {candidate.Expression}", candidate.Location));
            }
        }
    }

    private static IEnumerable<string> ProbesOf(Candidate candidate)
    {
        if (candidate.IsText)
        {
            yield return $"static const char {TextProbe}{candidate.Name}[] = {candidate.Name};";
            yield break;
        }
        yield return $"__auto_type {ValueProbe}{candidate.Name} = ({candidate.Name});";
        yield return $"unsigned long long {AddressProbe}{candidate.Name} = (unsigned long "
            + $"long)({candidate.Name});";
    }

    // A macro whose expression is nothing but a function's name.
    private string? FunctionOf(Candidate candidate, Dictionary<string, CXCursor> variables)
    {
        if (!variables.TryGetValue(ValueProbe + candidate.Name, out CXCursor cursor))
        {
            return null;
        }
        while (cursor.Children() is [CXCursor only])
        {
            cursor = only;
        }
        string name = cursor.Kind == CursorKind.DeclRefExpr ? cursor.Spelling() : "";
        return functionNames.Contains(name) ? name : null;
    }

    private ConstantModel? Evaluate(Candidate candidate, Dictionary<string, CXCursor> variables)
    {
        if (candidate.IsText)
        {
            return variables.TryGetValue(TextProbe + candidate.Name, out CXCursor text)
                ? WithValue(text, ConstantKind.Text, new PrimitiveType("byte", 1), candidate)
                : null;
        }
        if (!variables.TryGetValue(ValueProbe + candidate.Name, out CXCursor variable))
        {
            return null;
        }
        CXType canonical = variable.Type().Canonical();
        switch (canonical.Kind)
        {
            case TypeKind.Pointer:
                return variables.TryGetValue(AddressProbe + candidate.Name, out CXCursor address)
                    ? WithValue(address, ConstantKind.Pointer, PointerOf(variable.Type()), candidate)
                    : null;
            case TypeKind.Float or TypeKind.Double:
                return WithValue(variable, ConstantKind.Floating, types.Read(canonical), candidate);
            case TypeKind.Bool or TypeKind.CharS or TypeKind.SChar or TypeKind.CharU or TypeKind.UChar
                or TypeKind.Short or TypeKind.UShort or TypeKind.Int or TypeKind.UInt or TypeKind.Long
                or TypeKind.ULong or TypeKind.LongLong or TypeKind.ULongLong:
                return WithValue(
                    variable, ConstantKind.Integer, AsConstant(types.Read(canonical)), candidate);
            case TypeKind.Enum:
                return WithValue(variable, ConstantKind.Integer, EnumOf(canonical), candidate);
            default:
                return null;
        }
    }

    // The probe is another unit: its cursors are not those of the first parse, so types are looked up by
    // name.
    private NativeType PointerOf(CXType type)
    {
        CXType target = type.Canonical();
        int depth = 0;
        while (target.Kind == TypeKind.Pointer)
        {
            target = LibClang.clang_getPointeeType(target).Canonical();
            depth++;
        }
        NativeType result =
            library.Records.Find(record => record.Spelling == WithoutConst(target)) is { } record
            ? new RecordType(record)
            : target.Kind is TypeKind.Record or TypeKind.Enum
                or TypeKind.FunctionProto or TypeKind.FunctionNoProto
                ? PrimitiveType.Void
                : types.Read(target);
        for (; depth > 0; depth--)
        {
            result = new PointerType(result);
        }
        return result;
    }

    private NativeType EnumOf(CXType type) =>
        library.Enums.Find(model => !model.IsAnonymous && model.Spelling == WithoutConst(type)) is { } model
            ? new EnumType(model)
            : AsConstant(types.Read(
            LibClang.clang_getEnumDeclIntegerType(LibClang.clang_getTypeDeclaration(type)).Canonical()));

    private static string WithoutConst(CXType type) => LibClang.clang_getUnqualifiedType(type).Spelling();

    // A C# constant may not be a native integer beyond 32 bits; C's long has 64 on every target here.
    public static NativeType AsConstant(NativeType type) => type is PrimitiveType primitive
        ? primitive.Keyword switch
        {
            "nint" => new PrimitiveType("long", 8),
            "nuint" => new PrimitiveType("ulong", 8),
            _ => primitive,
        }
        : type;

    private unsafe ConstantModel? WithValue(
        CXCursor variable, ConstantKind kind, NativeType type, Candidate candidate)
    {
        nint result = LibClang.clang_Cursor_Evaluate(variable);
        if (result == 0)
        {
            return null;
        }
        try
        {
            // SAFETY: result is what clang_Cursor_Evaluate returned and lives until the finally block.
            EvaluationKind got = LibClang.clang_EvalResult_getKind(result);
            return (kind, got) switch
            {
                (ConstantKind.Text, EvaluationKind.StringLiteral)
                    when Marshal.PtrToStringUTF8((nint)LibClang.clang_EvalResult_getAsStr(result)) is { } text
                    && IsWhole(text, variable) => Constant(0, 0, text),
                (ConstantKind.Floating, EvaluationKind.Float) =>
                    Constant(0, LibClang.clang_EvalResult_getAsDouble(result), ""),
                (ConstantKind.Integer or ConstantKind.Pointer, EvaluationKind.Int) => Constant(
                    LibClang.clang_EvalResult_isUnsignedInt(result) != 0
                        ? LibClang.clang_EvalResult_getAsUnsigned(result)
                        : (ulong)LibClang.clang_EvalResult_getAsLongLong(result),
                    0, ""),
                _ => null,
            };
        }
        finally
        {
            LibClang.clang_EvalResult_dispose(result);
        }

        ConstantModel Constant(ulong bits, double floating, string text) => new(
            options.Rename(candidate.Name),
            kind,
            overlay.ConstantType(candidate.Name) ?? type,
            bits,
            floating,
            text,
            candidate.Expression,
            candidate.Location)
        { CName = candidate.Name };
    }

    // A NUL within, or bytes that are not UTF-8, would be lost on the way.
    private static bool IsWhole(string text, CXCursor variable) =>
        !text.Contains('\uFFFD')
            && Encoding.UTF8.GetByteCount(text) + 1 == LibClang.clang_getArraySize(variable.Type());

    private sealed record Candidate(string Name, string Expression, bool IsText, SourceLocation Location);
}
