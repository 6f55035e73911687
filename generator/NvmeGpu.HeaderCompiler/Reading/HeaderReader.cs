using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;
using NvmeGpu.HeaderCompiler.Translation;

namespace NvmeGpu.HeaderCompiler.Reading;

/// <summary>
/// Parses one library's headers and fills its model: what the requested files declare, and what that reaches.
/// </summary>
internal sealed partial class HeaderReader(CompilerOptions options, Overlay overlay, string resourceFolder)
{
    private const string UmbrellaFile = "/nvmegpu-umbrella.c";

    private readonly LibraryModel _library = new();
    private readonly HashSet<string> _functionNames = new(StringComparer.Ordinal);

    /// <summary>The inline functions with their bodies; complete after <see cref="Read"/>.</summary>
    public InlineLibrary Inline { get; private set; } = null!;

    private InlineTranslator _inline = null!;

    public LibraryModel Read()
    {
        var types = new TypeReader(_library, options, overlay);
        string[] arguments = ClangArguments();
        // Several headers are included by a file that exists in memory only.
        using var unit = new TranslationUnit(
            options.Files.Count == 1 ? options.Files[0] : UmbrellaFile, arguments, Umbrella());
        ThrowOnErrors(unit);
        _library.Files = [.. unit.Files().Where(file => file != UmbrellaFile)];

        _inline = new InlineTranslator(types, _library, overlay, options, unit);
        IReadOnlyList<CXCursor> declarations = unit.Root.Children();
        NameTags(types, declarations);
        foreach (CXCursor declaration in declarations)
        {
            if (IsRequested(declaration) || overlay.Also.Contains(declaration.Spelling()))
            {
                ReadDeclaration(types, declaration);
            }
        }

        List<CXCursor> macros = [.. declarations.Where(declaration =>
            declaration.Kind == CursorKind.MacroDefinition
            && LibClang.clang_Cursor_isMacroBuiltin(declaration) == 0
            && (IsRequested(declaration) || overlay.Also.Contains(declaration.Spelling())))];
        new MacroReader(options, overlay, types, _library, _functionNames).Read(
            unit, macros, Umbrella(), arguments);
        DropRepeatedConstants();
        DropRepeatedTags();
        FindMissingTraversals();
        Inline = _inline.Translate();
        foreach (string unused in options.Remaps.Keys.Except(options.UsedRemaps))
        {
            _library.Warnings.Add($"--remap {unused}: the headers have nothing of this name");
        }
        return _library;
    }

    private string[] ClangArguments() =>
    [
        "-xc",
        $"-std={options.Standard ?? "gnu17"}",
        "-target", options.Target ?? "x86_64-linux-gnu",
        "-resource-dir", resourceFolder,
        "-nostdlibinc", // the machine's own headers must not be able to change the output
        "-ferror-limit=0",
        "-Wno-everything",
        .. options.IncludeDirectories.SelectMany(folder => new[] { "-isystem", folder }),
        .. options.Defines.Select(define => "-D" + define),
        .. options.Additional,
    ];

    // Several --file are read as one unit, in their order.
    private string? Umbrella() => options.Files.Count == 1
        ? null
        : string.Concat(options.Files.Select(file => $"#include \"{file}\"\n"));

    private static void ThrowOnErrors(TranslationUnit unit)
    {
        // A fatal diagnostic does not stop libclang: it goes on and leaves declarations out.
        List<ClangDiagnostic> errors =
            [.. unit.Diagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Error)];
        if (errors.Count == 0)
        {
            return;
        }
        ClangDiagnostic first = errors[0];
        string others = errors.Count == 1 ? "" : $" ({errors.Count - 1} more after this one)";
        string advice = first.Text.Contains("file not found", StringComparison.Ordinal)
            ? "the folder that has it is not among the include directories: run native-headers/restore, or "
                + "add an "
                + "--include-directory"
            : "the header is not valid C for this target, or lacks something that its users must include or "
                + "define "
                + "first: correct the --file, the --define-macro or the --include-directory";
        throw new CompilerException($"{first.Location}: {first.Text}{others}; {advice}");
    }

    private void NameTags(TypeReader types, IReadOnlyList<CXCursor> declarations)
    {
        var typedefs = declarations.Where(declaration => declaration.Kind == CursorKind.TypedefDecl).ToList();
        HashSet<string> names = [.. typedefs.Select(typedef => typedef.Spelling())];
        foreach (CXCursor typedef in typedefs)
        {
            CXType underlying = LibClang.clang_getTypedefDeclUnderlyingType(typedef);
            CXCursor tag = LibClang.clang_getTypeDeclaration(underlying);
            if (tag.Kind is not (CursorKind.StructDecl or CursorKind.UnionDecl or CursorKind.EnumDecl))
            {
                continue;
            }
            string name = typedef.Spelling();
            types.TypedefNames.TryAdd(tag.Identity(), name);
            if (overlay.PrefersTypedefNames && IsRequested(typedef)
                && LibClang.clang_Cursor_isNull(LibClang.clang_getCursorDefinition(tag)) == 0)
            {
                // CUDA_MEMCPY2D_v2 is the type's first name and CUDA_MEMCPY2D, a typedef of it, the one in
                // use.
                string unversioned = VersionSuffix().Replace(name, "");
                bool isCurrent = names.Contains(unversioned) && typedefs.Any(other =>
                    other.Spelling() == unversioned
                    && LibClang.clang_getTypedefDeclUnderlyingType(other).Spelling() == name);
                types.PreferredNames.TryAdd(tag.Identity(), isCurrent ? unversioned : name);
            }
        }
    }

    private void ReadDeclaration(TypeReader types, CXCursor declaration)
    {
        if (options.IsExcluded(declaration.Spelling()))
        {
            return;
        }
        types.At = declaration.Location();
        try
        {
            switch (declaration.Kind)
            {
                case CursorKind.StructDecl or CursorKind.UnionDecl
                    when LibClang.clang_isCursorDefinition(declaration) != 0:
                    types.ReadRecord(declaration);
                    break;
                case CursorKind.EnumDecl:
                    types.ReadEnum(declaration);
                    break;
                case CursorKind.TypedefDecl:
                    ReadTypedef(types, declaration);
                    break;
                case CursorKind.FunctionDecl:
                    ReadFunction(types, declaration);
                    break;
                case CursorKind.VarDecl:
                    ReadVariable(types, declaration);
                    break;
                case CursorKind.StaticAssert:
                    break;
                case CursorKind.UnexposedDecl when declaration.Spelling().Length == 0:
                    break; // a semicolon too many
                case CursorKind.MacroDefinition or CursorKind.MacroExpansion or CursorKind.InclusionDirective:
                    break; // definitions are MacroReader's
                case CursorKind.StructDecl or CursorKind.UnionDecl:
                    break; // a forward declaration comes back as soon as something uses it
                default:
                    GiveUp("declaration", declaration,
                        $"declarations of libclang's kind {(int)declaration.Kind} are not known");
                    break;
            }
        }
        catch (UnsupportedTypeException unsupported)
        {
            GiveUp(declaration.Kind == CursorKind.FunctionDecl ? "function" : "type", declaration,
                unsupported.Message);
        }
    }

    // `static const unsigned MASK = 0xFF;` is a constant: no library exports it.
    private void ReadVariable(TypeReader types, CXCursor declaration)
    {
        const int StorageStatic = 3;
        if (LibClang.clang_Cursor_getStorageClass(declaration) == StorageStatic
            && LibClang.clang_isConstQualifiedType(declaration.Type().Canonical()) != 0
            && ConstantVariable.Read(declaration, types, options, overlay) is { } constant)
        {
            _library.Constants.Add(constant);
            return;
        }
        GiveUp("variable", declaration, "variables are not bound, only functions, types and constants");
    }

    private static void ReadTypedef(TypeReader types, CXCursor declaration)
    {
        CXType canonical = LibClang.clang_getTypedefDeclUnderlyingType(declaration).Canonical();
        if (canonical.Kind is TypeKind.FunctionProto or TypeKind.FunctionNoProto)
        {
            types.ReadFunction(canonical);
            return;
        }
        types.Read(LibClang.clang_getTypedefDeclUnderlyingType(declaration));
    }

    private void ReadFunction(TypeReader types, CXCursor declaration)
    {
        string name = declaration.Spelling();
        if (!_functionNames.Add(name))
        {
            return;
        }
        FunctionPointerType signature = types.ReadFunction(declaration.Type());
        const int StorageStatic = 3;
        if (LibClang.clang_Cursor_isFunctionInlined(declaration) != 0
            || LibClang.clang_Cursor_getStorageClass(declaration) == StorageStatic)
        {
            _functionNames.Remove(name);
            CXCursor definition = LibClang.clang_getCursorDefinition(declaration);
            if (LibClang.clang_Cursor_isNull(definition) != 0)
            {
                return;
            }
            if (options.ExcludesBodies)
            {
                GiveUp("inline function", declaration, "excluded by --config exclude-funcs-with-body");
                return;
            }
            _inline.Add(definition);
            return;
        }

        var parameters = new List<ParameterModel>();
        for (int i = 0; i < signature.Parameters.Count; i++)
        {
            CXCursor parameter = LibClang.clang_Cursor_getArgument(declaration, (uint)i);
            string parameterName = parameter.Spelling();
            parameters.Add(new ParameterModel(
                parameterName.Length > 0 ? parameterName : $"arg{i}",
                signature.Parameters[i],
                RecordReader.Spelling(parameter.Type())));
        }
        _library.Functions.Add(new FunctionModel(
            options.Rename(name),
            signature.Result,
            RecordReader.Spelling(LibClang.clang_getResultType(declaration.Type())),
            parameters,
            declaration.Location())
        { ExportedName = name });
    }

    private void GiveUp(string kind, CXCursor declaration, string reason) =>
        _library.Unbound.Add(new Unbound(kind, declaration.Spelling(), reason, declaration.Location()));

    private bool IsRequested(CXCursor declaration) => IsRequested(declaration.Location().File);

    private readonly Dictionary<string, bool> _isRequested = new(StringComparer.Ordinal);

    private bool IsRequested(string file)
    {
        if (!_isRequested.TryGetValue(file, out bool isRequested))
        {
            isRequested = file.Length > 0 && (options.Traverse.Count == 0
                ? options.Files.Contains(file, StringComparer.Ordinal)
                : options.Traverse.Any(wanted => Matches(file, wanted)));
            _isRequested.Add(file, isRequested);
        }
        return isRequested;
    }

    // `enum { A, ... }; #define A A` lets the preprocessor ask whether A is there: it is one constant. A
    // macro with a value of its own hides the enumerator from C too.
    private void DropRepeatedConstants()
    {
        HashSet<string> macros = [.. _library.Constants.Select(constant => constant.CName)];
        foreach (EnumModel model in _library.Enums.Where(model => model.IsAnonymous))
        {
            model.Members.RemoveAll(member => macros.Contains(member.CName));
        }
    }

    // A struct that is first named among the parameters of a prototype is another one to C, which nobody
    // could ever pass: what was meant is the one of that name.
    private void DropRepeatedTags()
    {
        HashSet<string> complete = [.. _library.Records.Where(record => record.IsComplete)
            .Select(record => record.Spelling)];
        HashSet<string> seen = new(StringComparer.Ordinal);
        _library.Records.RemoveAll(record =>
            !record.IsComplete && (complete.Contains(record.Spelling) || !seen.Add(record.Spelling)));
    }

    // `liburing/io_uring.h` means the file whose path ends so, in whichever include directory it was found.
    private static bool Matches(string file, string wanted) =>
        file == wanted || file.EndsWith("/" + wanted, StringComparison.Ordinal);

    private void FindMissingTraversals()
    {
        string? missing =
            options.Traverse.FirstOrDefault(wanted => !_library.Files.Any(file => Matches(file, wanted)));
        if (missing is not null)
        {
            throw new CompilerException(
                $"--traverse {missing}: {options.Files[0]} does not include this file, so nothing of it "
                    + "could be bound; "
                + "correct the name, or include it");
        }
    }

    [GeneratedRegex(@"_v\d+$")]
    private static partial Regex VersionSuffix();
}
