using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>What each of ClangSharp's options does to the output.</summary>
public sealed class OptionTests
{
    private const string Header = """
        struct point { int x; struct tag *next; };
        struct tag { int a; };
        typedef struct { int y; } tag_t;
        enum kind { KIND_A, KIND_B = 7 };
        enum { LOOSE = 5 };
        #define ONE 1
        #define TWO 2u
        int call(struct point *p, enum kind k);
        int other(void);
        tag_t *third(void);
        """;

    [Fact]
    public async Task Several_files_are_read_as_one_unit_in_their_order()
    {
        using Compiler compiler = await CompilerAsync();
        string first = compiler.Write("first.h", "typedef int number;\n");
        string second = compiler.Write("second.h", "struct uses { number n; };\n#define ONE 1\n");
        string all = await OutputAsync(compiler, "--file", first, second);
        Assert.Contains("partial struct uses\n", all, StringComparison.Ordinal);
        Assert.Contains("public const int ONE = 1;", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traverse_takes_the_end_of_a_path_or_a_path_relative_to_the_response_file()
    {
        foreach (string traverse in new[] { "sub/wanted.h", "./sub/wanted.h" })
        {
            using Compiler compiler = await CompilerAsync();
            compiler.Write("sub/wanted.h", "struct wanted { int a; };\n");
            compiler.Write("sub/unwanted.h", "struct unwanted { int a; };\n");
            compiler.Write("main.h", "#include \"sub/wanted.h\"\n#include \"sub/unwanted.h\"\n");
            string response = compiler.Write("main.rsp", $"--file\nmain.h\n--traverse\n{traverse}\n");
            string all = await OutputAsync(compiler, "@" + response);
            Assert.Contains("partial struct wanted\n", all, StringComparison.Ordinal);
            Assert.DoesNotContain("struct unwanted", all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Include_directories_are_searched_in_their_order_and_macros_are_defined()
    {
        using Compiler compiler = await CompilerAsync();
        compiler.Write("one/which.h", "#define WHICH 1\n");
        compiler.Write("two/which.h", "#define WHICH 2\n");
        string header = compiler.Write(
            "main.h",
            "#include <which.h>\n#define GOT WHICH\n#ifdef EXTRA\n#define GOT_EXTRA EXTRA\n#endif\n");
        string all = await OutputAsync(
            compiler, "--file", header, "--include-directory", compiler.PathOf("two"), compiler.PathOf("one"),
            "--define-macro", "EXTRA=9");
        Assert.Contains("public const int GOT = 2;", all, StringComparison.Ordinal);
        Assert.Contains("public const int GOT_EXTRA = 9;", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespace_class_and_library_are_those_that_were_asked_for()
    {
        string all =
            await CompileAsync("--namespace", "A.B", "--methodClassName", "Api", "--libraryPath", "x.so");
        Assert.Contains("namespace A.B;", all, StringComparison.Ordinal);
        Assert.Contains("static partial class Api\n", all, StringComparison.Ordinal);
        Assert.Contains("sealed partial class ApiFunctions(", all, StringComparison.Ordinal);
        Assert.Contains("public const string LibraryPath = \"x.so\";", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remap_renames_types_functions_constants_and_members_and_keeps_what_C_calls_them()
    {
        string all = await CompileAsync(
            "--remap", "point=Point", "struct tag=Tag", "call=Call", "ONE=One", "KIND_A=KindA", "LOOSE=Loose",
            "kind=Kind");
        Assert.Contains("partial struct Point\n", all, StringComparison.Ordinal);
        Assert.Contains("public unsafe Tag* next;", all, StringComparison.Ordinal);
        Assert.Contains("delegate* unmanaged<Point*, Kind, int> Call =", all, StringComparison.Ordinal);
        Assert.Contains("find(\"call\");", all, StringComparison.Ordinal);
        Assert.Contains("public const int One = 1;", all, StringComparison.Ordinal);
        Assert.Contains("public const int Loose = 5;", all, StringComparison.Ordinal);
        Assert.Contains("    KindA = 0,\n", all, StringComparison.Ordinal);
        Assert.Contains("\nPoint\tstruct\t", all, StringComparison.Ordinal);
        Assert.Contains("\tstruct point\n", all, StringComparison.Ordinal);
        Assert.Matches("\nKindA\tmember\t.*\tKIND_A\n", all);
        Assert.Matches("\nOne\tconstant\t.*\tONE\n", all);
        Assert.Matches("\nCall\tfunction\t.*\tcall\n", all);
    }

    [Fact]
    public async Task A_remap_of_a_tag_leaves_a_typedef_of_the_same_name_alone()
    {
        using Compiler compiler = await CompilerAsync();
        string header = compiler.Write(
            "main.h",
            "typedef struct { int a; } same;\nstruct same { long b; };\nsame *f(struct same *s);\n");
        string all = await OutputAsync(compiler, "--file", header, "--remap", "struct same=tagged");
        Assert.Contains("partial struct same\n", all, StringComparison.Ordinal);
        Assert.Contains("partial struct tagged\n", all, StringComparison.Ordinal);
        Assert.Contains("delegate* unmanaged<tagged*, same*> f", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_no_header_has_is_told_and_not_an_error()
    {
        using Compiler compiler = await CompilerAsync();
        ChildResult result = await compiler.CompileAsync(
            Header, "--remap", "nobody=Somebody", "--with-access-specifier", "nothing=internal");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            "warning: --remap nobody: the headers have nothing of this name", result.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "warning: --with-access-specifier nothing: the headers have nothing of this name", result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Excluded_names_are_left_out_and_patterns_count()
    {
        string all = await CompileAsync("--exclude", "KIND", "kind", "T*", "oth?r");
        Assert.DoesNotContain("enum kind :", all, StringComparison.Ordinal);
        Assert.DoesNotContain("TWO", all, StringComparison.Ordinal);
        Assert.DoesNotContain("other", all, StringComparison.Ordinal);
        Assert.Contains("ONE", all, StringComparison.Ordinal);
        Assert.Contains("call", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Included_names_are_the_only_ones()
    {
        string all = await CompileAsync("--include", "T*");
        Assert.Contains("TWO", all, StringComparison.Ordinal);
        Assert.DoesNotContain("ONE", all, StringComparison.Ordinal);
        Assert.DoesNotContain("partial struct point", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_type_gives_a_constant_or_an_enum_another_type()
    {
        string all = await CompileAsync("--with-type", "ONE=ulong", "kind=int", "LOOSE=byte");
        Assert.Contains("public const ulong ONE = 1;", all, StringComparison.Ordinal);
        Assert.Contains("public const byte LOOSE = 5;", all, StringComparison.Ordinal);
        Assert.Contains("enum kind : int\n", all, StringComparison.Ordinal);
        Assert.Contains("enum kind : uint\n", await CompileAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_type_keeps_the_size_of_an_enum()
    {
        using Compiler compiler = await CompilerAsync();
        ChildResult result = await compiler.CompileAsync(Header, "--with-type", "kind=byte");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("test.h:4: the enum kind has 4 bytes in C, and byte", result.Error,
            StringComparison.Ordinal);
        Assert.Empty(compiler.OutputFiles());
    }

    [Fact]
    public async Task With_suppressgctransition_is_for_the_named_functions_only()
    {
        string all = await CompileAsync("--with-suppressgctransition", "oth*");
        Assert.Contains("unmanaged[SuppressGCTransition]<int> other", all, StringComparison.Ordinal);
        Assert.Contains("unmanaged<point*, kind, int> call", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_specifier_stands_at_the_declaration_and_the_build_chooses_the_others()
    {
        using Compiler compiler = await CompilerAsync();
        string header = compiler.Write("main.h", Header);
        string all = await OutputAsync(
            compiler, "--file", header, "--with-access-specifier", "tag=internal", "kind=public",
            "ONE=internal",
            "other=private", "point.x=internal");
        Assert.Contains("\ninternal partial struct tag\n", all, StringComparison.Ordinal);
        Assert.Contains("\npublic enum kind : uint\n", all, StringComparison.Ordinal);
        Assert.Contains("    internal const int ONE = 1;", all, StringComparison.Ordinal);
        Assert.Contains("    public const uint TWO = 2;", all, StringComparison.Ordinal);
        Assert.Contains("    private readonly unsafe delegate* unmanaged<int> other", all,
            StringComparison.Ordinal);
        Assert.Contains("    internal unsafe int x;", all, StringComparison.Ordinal);
        // A public type may not show an internal one.
        Assert.Contains("    internal unsafe tag* next;", all, StringComparison.Ordinal);
        string byBuild = await File.ReadAllTextAsync(
            Path.Combine(compiler.OutputFolder, "Accessibility.Public.g.cs"),
            TestContext.Current.CancellationToken);
        Assert.Contains("public partial struct point;", byBuild, StringComparison.Ordinal);
        Assert.DoesNotContain("struct tag;", byBuild, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_public_type_mentions_is_public_too()
    {
        string all = await CompileAsync("--with-access-specifier", "point=public");
        Assert.Contains("\npublic partial struct point\n", all, StringComparison.Ordinal);
        Assert.Contains("\npublic partial struct tag\n", all, StringComparison.Ordinal);
        Assert.Contains("\npartial struct tag_t\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_specifier_for_all_types_leaves_nothing_to_the_build()
    {
        using Compiler compiler = await CompilerAsync();
        string header = compiler.Write("main.h", Header);
        string all = await OutputAsync(
            compiler, "--file", header, "--with-access-specifier", "*=internal", "point=public");
        Assert.Contains("\npublic partial struct point\n", all, StringComparison.Ordinal);
        Assert.Contains("    internal unsafe tag* next;", all, StringComparison.Ordinal);
        Assert.Contains("\ninternal partial struct tag\n", all, StringComparison.Ordinal);
        Assert.Contains("\ninternal enum kind : uint\n", all, StringComparison.Ordinal);
        Assert.Contains("\ninternal static partial class Methods\n", all, StringComparison.Ordinal);
        Assert.Contains("\ninternal sealed partial class MethodsFunctions(", all, StringComparison.Ordinal);
        Assert.DoesNotContain(compiler.OutputFiles(), file => file.StartsWith(
            "Accessibility", StringComparison.Ordinal));
        Assert.DoesNotContain("NVMEGPU_PUBLIC", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_types_make_the_output_need_nothing_of_this_project()
    {
        using Compiler compiler = await CompilerAsync();
        string header = compiler.Write("main.h", Header);
        string all = await OutputAsync(
            compiler, "--file", header, "--namespace", "Mine", "--config", "generate-helper-types");
        Assert.DoesNotContain("NvmeGpu.Bindings;", all, StringComparison.Ordinal);
        Assert.DoesNotContain("NvmeGpu.Contracts", all, StringComparison.Ordinal);
        Assert.Contains("class NativeTypeNameAttribute(string name)", all, StringComparison.Ordinal);
        Assert.Contains("class NativeExpressionAttribute(string expression)", all, StringComparison.Ordinal);
        Assert.Contains("\npublic partial struct point\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_files_nest_and_take_comments()
    {
        using Compiler compiler = await CompilerAsync();
        compiler.Write("sub/main.h", Header);
        compiler.Write("sub/inner.rsp", "# the header\n--file\nmain.h\n\n--namespace=Inner\n");
        string outer = compiler.Write("outer.rsp", "@sub/inner.rsp\n--methodClassName\nOuter\n");
        string all = await OutputAsync(compiler, "@" + outer);
        Assert.Contains("namespace Inner;", all, StringComparison.Ordinal);
        Assert.Contains("static partial class Outer\n", all, StringComparison.Ordinal);
    }

    private static async Task<Compiler> CompilerAsync()
    {
        await Compiler.RequireLibClangAsync();
        return new Compiler();
    }

    private static async Task<string> CompileAsync(params string[] options)
    {
        using Compiler compiler = await CompilerAsync();
        return await OutputAsync(compiler, ["--file", compiler.Write("main.h", Header), .. options]);
    }

    // Everything that was written but the accessibility files.
    private static async Task<string> OutputAsync(Compiler compiler, params string[] options)
    {
        ChildResult result = await Compiler.RunAsync([.. options, "--output", compiler.OutputFolder]);
        Assert.True(result.ExitCode == 0, result.All);
        return string.Concat(compiler.OutputFiles()
            .Where(file => !file.StartsWith("Accessibility", StringComparison.Ordinal))
            .Select(file => "\n" + File.ReadAllText(Path.Combine(compiler.OutputFolder, file))));
    }
}
