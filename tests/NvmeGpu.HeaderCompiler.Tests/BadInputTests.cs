using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>Bad input gets one sentence, a non-zero exit, and leaves good output as it was.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_missing_header_is_named() =>
        await AssertRefusedAsync(["--file", "nowhere.h"], "nowhere.h: this header file does not exist");

    [Fact]
    public async Task A_missing_response_file_is_named() =>
        await AssertRefusedAsync(["@nowhere.rsp"], "nowhere.rsp: this response file does not exist");

    [Fact]
    public async Task A_folder_instead_of_a_header_is_named() =>
        await AssertRefusedAsync(["--file", "."], "this is a folder, but a header file is needed");

    [Fact]
    public async Task A_header_that_cannot_be_opened_is_named()
    {
        // A link to itself: nobody can open it, not even root, whom permissions do not stop.
        using var compiler = new Compiler();
        string header = compiler.PathOf("loop.h");
        File.CreateSymbolicLink(header, header);
        await AssertRefusedAsync(["--file", header], "loop.h: this header file could not be read");
    }

    [Fact]
    public async Task A_header_that_the_user_may_not_read_is_named()
    {
        using var compiler = new Compiler();
        string header = compiler.Write("secret.h", "struct a { int x; };");
        ChildResult chmod = await ChildProcess.RunAsync("chmod", ["000", header]);
        Assert.Equal(0, chmod.ExitCode);
        Requirement.Hardware(Environment.UserName != "root", "root may read every file");
        await AssertRefusedAsync(["--file", header], "secret.h: you may not read this header file");
    }

    [Fact]
    public async Task A_missing_include_directory_is_named() =>
        await AssertRefusedAsync(
            ["--file", "good.h", "--include-directory", "nowhere"], "nowhere: this folder does not exist",
                "restore");

    [Fact]
    public async Task A_missing_include_is_reported_with_its_line() =>
        await AssertHeaderRefusedAsync(
            "int a;\n#include <not_there.h>\n", "bad.h:2: 'not_there.h' file not found",
            "--include-directory");

    [Fact]
    public async Task A_syntax_error_is_reported_with_its_line() =>
        await AssertHeaderRefusedAsync("struct a {\n  int = 1;\n};\n", "bad.h:2: expected", "is not valid C");

    [Fact]
    public async Task A_second_error_is_counted() =>
        await AssertHeaderRefusedAsync(
            "unknown_t a;\nunknown_t b;\n", "bad.h:1: unknown type name", "(1 more after this one)");

    [Fact]
    public async Task A_traversed_header_that_is_not_included_is_named() =>
        await AssertHeaderRefusedAsync(
            "int a;", "--traverse other.h: ", "does not include this file", more: ["--traverse", "other.h"]);

    [Theory]
    [InlineData("--nonsense: this option is not known", "--nonsense", "x")]
    [InlineData("stray: this argument belongs to no option", "stray")]
    [InlineData("--output: this option needs a value", "--file", "good.h", "--output")]
    [InlineData("no --output was given", "--file", "good.h")]
    [InlineData("no header was given", "--output", "out")]
    [InlineData("--remap x: this is not NAME=VALUE", "--remap", "x")]
    [InlineData("--methodClassName 1x: this is no C# name", "--methodClassName", "1x")]
    [InlineData("--methodClassName A.B: this is no C# name", "--methodClassName", "A.B")]
    [InlineData("--methodClassName class: this is no C# name", "--methodClassName", "class")]
    [InlineData("--namespace A.class: this is no C# name", "--namespace", "A.class")]
    [InlineData("--remap a=1b: 1b is no C# name", "--remap", "a=1b")]
    [InlineData("--remap x=a-b: a-b is no C# name", "--remap", "x=a-b")]
    [InlineData("--with-access-specifier a=protected is not supported", "-was", "a=protected")]
    [InlineData("--with-access-specifier *=private is not supported", "-was", "*=private")]
    [InlineData("--with-access-specifier a: this is not NAME=VALUE", "-was", "a")]
    [InlineData(
        "--with-type: 'string' is no type of a constant", "--file", "good.h", "--with-type", "A=string")]
    [InlineData("--target armv7-linux-gnueabihf is not supported", "--target", "armv7-linux-gnueabihf")]
    [InlineData("--target x86_64-windows-msvc is not supported", "--target", "x86_64-windows-msvc")]
    [InlineData("--compare-target mips is not supported", "--compare-target", "mips")]
    [InlineData("--compare-include-directory /nowhere: this folder does not exist",
        "--file", "good.h", "--compare-include-directory", "/nowhere")]
    [InlineData("--language c++ is not supported", "--language", "c++")]
    [InlineData("--output-mode Xml is not supported", "--output-mode", "Xml")]
    [InlineData("--config single-file is not supported", "--config", "single-file")]
    [InlineData("--config nonsense: this configuration is not known", "--config", "nonsense")]
    public async Task A_wrong_option_is_named(string sentence, params string[] arguments) =>
        await AssertRefusedAsync(arguments, sentence);

    // Every option that the README of ClangSharp's generator lists and that has no effect here.
    [Theory]
    [InlineData("--file-directory")]
    [InlineData("-F")]
    [InlineData("--headerFile")]
    [InlineData("-hf")]
    [InlineData("--prefixStrip")]
    [InlineData("-p")]
    [InlineData("--nativeTypeNamesToStrip")]
    [InlineData("--test-output")]
    [InlineData("-to")]
    [InlineData("--with-attribute")]
    [InlineData("-wa")]
    [InlineData("--with-callconv")]
    [InlineData("-wcc")]
    [InlineData("--with-class")]
    [InlineData("-wc")]
    [InlineData("--with-guid")]
    [InlineData("-wg")]
    [InlineData("--with-length")]
    [InlineData("-wl")]
    [InlineData("--with-librarypath")]
    [InlineData("-wlb")]
    [InlineData("--with-manual-import")]
    [InlineData("-wmi")]
    [InlineData("--with-namespace")]
    [InlineData("-wn")]
    [InlineData("--with-packing")]
    [InlineData("-wp")]
    [InlineData("--with-setlasterror")]
    [InlineData("-wsle")]
    [InlineData("--with-transparent-struct")]
    [InlineData("-wts")]
    [InlineData("--with-using")]
    [InlineData("-wu")]
    public async Task An_option_of_ClangSharp_without_effect_is_refused_by_name(string option) =>
        await AssertRefusedAsync([option, "x"], $"{option} is not supported: ", "remove it");

    [Fact]
    public async Task Every_other_option_of_ClangSharp_is_accepted_under_both_names()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        ChildResult result = await compiler.CompileAsync(
            "int call(void);\n#define ONE 1\n#define TWO 2\nstruct a { int x; };",
            "--additional", "-DX=1", "-a", "-DY=1", "--config", "multi-file", "-c", "unix-types",
            "--define-macro", "A=1", "-D", "B",
            "--exclude", "TWO", "-e", "THREE", "--include", "*", "-i", "*", "--include-directory", ".", "-I",
            "/",
            "--language", "c", "-x", "c", "--libraryPath", "x", "-l", "y", "-m", "Other", "--namespace", "N",
            "-n", "N.M", "--with-access-specifier", "a=public", "-was", "ONE=public",
            "--output-mode", "CSharp", "-om", "CSharp", "--remap", "a=b", "-r", "c=d", "--std", "gnu11",
            "-std", "gnu17",
            "--traverse", "test.h", "-t", "test.h", "--with-suppressgctransition", "call", "-wsgct", "x",
            "--with-type", "ONE=ulong", "-wt", "ONE=ulong");
        Assert.True(result.ExitCode == 0, result.All);
        string all = string.Concat(compiler.OutputFiles().Select(file =>
            File.ReadAllText(Path.Combine(compiler.OutputFolder, file))));
        Assert.Contains("namespace N.M;", all, StringComparison.Ordinal);
        Assert.Contains("public const ulong ONE = 1;", all, StringComparison.Ordinal);
        Assert.DoesNotContain("TWO", all, StringComparison.Ordinal);
        Assert.Contains("partial struct b\n", all, StringComparison.Ordinal);
        Assert.Contains("unmanaged[SuppressGCTransition]<int> call", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "this is not 'VERB NAME'")]
    [InlineData("destroy a", "'destroy' is not known")]
    [InlineData("attribute good.x = not an attribute", "is no attribute")]
    [InlineData("type ONE = string", "'string' is no type of a constant")]
    [InlineData("summary good", "'summary' needs '= TEXT'")]
    [InlineData("flags good = 1", "'flags' takes no value")]
    [InlineData("attribute good.missing = MayBlock", "the headers have no good.missing")]
    public async Task A_wrong_line_of_an_overlay_is_reported_with_its_number(string line, string sentence)
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string overlay = compiler.Write("bad.overlay", "# a comment\n" + line + "\n");
        ChildResult result = await compiler.CompileAsync("struct good { int x; };", "--overlay", overlay);
        AssertOneSentence(result, "bad.overlay:2: ", sentence);
        Assert.Empty(compiler.OutputFiles());
    }

    [Theory]
    [InlineData("/nowhere/libclang.so")]
    [InlineData("/proc")]
    public async Task A_LIBCLANG_PATH_to_nowhere_is_named_with_the_command_that_installs_it(string path)
    {
        using var compiler = new Compiler();
        string header = compiler.Write("good.h", "struct a { int x; };");
        ChildResult result = await Compiler.RunAsync(
            ["--file", header, "--output", compiler.OutputFolder],
            new Dictionary<string, string?> { ["LIBCLANG_PATH"] = path });
        AssertOneSentence(
            result, $"LIBCLANG_PATH is {path}", "apt-get install libclang1-19 libclang-common-19-dev");
        Assert.Empty(compiler.OutputFiles());
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_named()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string header = compiler.Write("good.h", "struct a { int x; };");
        string file = compiler.Write("a-file", "");
        ChildResult result = await Compiler.RunAsync(["--file", header, "--output", file]);
        AssertOneSentence(result, "a-file: the generated files could not be written", "--output is a folder");
    }

    [Fact]
    public async Task One_bad_library_leaves_the_output_of_all_as_it_was()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        Assert.Equal(0, (await compiler.CompileAsync("struct a { int x; };")).ExitCode);
        string before = await File.ReadAllTextAsync(
            compiler.PathOf("out/Types.g.cs"), TestContext.Current.CancellationToken);
        string good = compiler.Write("good.h", "struct a { long changed; };");
        string bad = compiler.Write("bad.h", "struct {");

        ChildResult result = await Compiler.RunAsync(
            ["--file", good, "--output", compiler.OutputFolder, "--next", "--file", bad, "--output",
                compiler.PathOf("out2")]);

        AssertOneSentence(result, "bad.h:1: ");
        Assert.Equal(before, await File.ReadAllTextAsync(
            compiler.PathOf("out/Types.g.cs"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(compiler.PathOf("out2")));
    }

    [Fact]
    public async Task Two_types_of_one_name_are_named_with_their_places_and_the_way_out()
    {
        await AssertHeaderRefusedAsync(
            "typedef struct { int a; } same;\nstruct same { long b; };\n",
            "same would be the name of two types in C#: ", "bad.h:1) and struct same (");
    }

    [Theory]
    [InlineData(
        "struct a { int x; };\nstruct b { int y; };", "a would be the name of two types", "--remap", "b=a")]
    [InlineData("struct a { int x; };\nenum b { Y };", "a would be the name of two types", "--remap", "b=a")]
    [InlineData("struct Api { int x; };", "Api would be the name of two types", "--methodClassName", "Api")]
    [InlineData(
        "int f(void);\nstruct ApiFunctions { int x; };", "ApiFunctions would be the name of two types",
        "--methodClassName", "Api")]
    [InlineData("#define Api 1", "Api would be the name of two constants", "--methodClassName", "Api")]
    [InlineData("#define A 1\n#define B 2", "A would be the name of two constants", "--remap", "B=A")]
    [InlineData("int a(void);\nint b(void);", "a would be the name of two functions", "--remap", "b=a")]
    public async Task Two_things_of_one_name_are_refused(
        string header, string sentence, params string[] options) =>
        await AssertHeaderRefusedAsync(header, sentence, "give one of them another name with --", options);

    [Theory]
    [InlineData("a program", "\u007fELF\0\0\0")]
    [InlineData("an archive in the middle", "int a;\n\0\u0001\u0002")]
    public async Task A_file_that_is_not_text_is_refused(string what, string contents)
    {
        Assert.NotEmpty(what);
        await AssertHeaderRefusedAsync(contents, "bad.h: this header file is not text", "ASCII or UTF-8");
    }

    [Fact]
    public async Task A_header_in_UTF_16_is_refused()
    {
        using var compiler = new Compiler();
        string header = compiler.PathOf("wide.h");
        await File.WriteAllTextAsync(
            header, "int a;\n", System.Text.Encoding.Unicode, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(["--file", header], "wide.h: this header file is not text", "UTF-16");
    }

    [Fact]
    public async Task An_included_file_that_is_not_text_is_reported_with_its_line()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        compiler.Write("inner.h", "\u007fELF\u0002\u0001\0\0rubbish here\n");
        ChildResult result = await compiler.CompileAsync("#include \"inner.h\"\n");
        AssertOneSentence(result, "inner.h:1: ");
        Assert.Empty(compiler.OutputFiles());
    }

    [Fact]
    public async Task A_macro_that_expands_to_nonsense_is_listed_with_its_line_and_the_others_are_bound()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        ChildResult result = await compiler.CompileAsync("""
            #define OPEN (((
            #define CLOSE )))
            #define STRAY ) + (
            #define STRINGS "a" 1 "b"
            #define NOTHING_THERE ->
            #define ENDLESS ENDLESS2
            #define ENDLESS2 ENDLESS
            #define DIVISION (1 / 0)
            #define CODE ; int injected;
            #define BACKSLASH \
            #define AFTER 7
            #define AT @
            #define GOOD 42
            """);
        Assert.Equal(0, result.ExitCode);
        string constants = await File.ReadAllTextAsync(
            compiler.PathOf("out/Constants.g.cs"), TestContext.Current.CancellationToken);
        Assert.Contains("public const int GOOD = 42;", constants, StringComparison.Ordinal);
        Assert.Equal(1, constants.Split("public const").Length - 1);
        foreach (string name in new[]
            { "1: OPEN", "2: CLOSE", "3: STRAY", "4: STRINGS", "5: NOTHING_THERE", "6: ENDLESS",
                "7: ENDLESS2",
                "8: DIVISION", "9: CODE", "12: AT" })
        {
            Assert.Contains($"test.h:{name}: ", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Typedefs_that_come_back_to_themselves_are_bound()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        ChildResult result = await compiler.CompileAsync("""
            typedef struct node node;
            typedef node *node_p;
            typedef void (*visitor)(node_p, struct table *);
            struct table { visitor visit; struct table *(*next)(struct table *, visitor); node nodes[2]; };
            """.Replace("node nodes[2];", "node_p nodes[2];", StringComparison.Ordinal) + """

            struct node { node_p next, *list; visitor visit; struct node (*copy)(struct node); };
            typedef struct loop { struct loop *(*call)(struct loop *(*)(struct loop *), struct loop *); } loop;
            loop *run(loop *l, visitor v);
            """);
        Assert.True(result.ExitCode == 0, result.All);
        string types = await File.ReadAllTextAsync(
            compiler.PathOf("out/Types.g.cs"), TestContext.Current.CancellationToken);
        Assert.Contains("public unsafe delegate* unmanaged<node*, table*, void> visit;", types,
            StringComparison.Ordinal);
        Assert.Contains(
            "public unsafe delegate* unmanaged<node, node> copy;", types, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_struct_that_contains_itself_is_reported_with_its_line() =>
        await AssertHeaderRefusedAsync(
            "struct a {\n  struct a inner;\n};\n", "bad.h:2: field has incomplete type", "is not valid C");

    [Fact]
    public async Task A_struct_of_ten_thousand_fields_is_bound_within_seconds()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string fields = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"  int field{i}; \n"));
        string bits = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"  unsigned bit{i} : 7;\n"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        ChildResult result =
            await compiler.CompileAsync($"struct wide {{\n{fields}}};\nstruct b {{\n{bits}}};\n");
        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("2 structs and unions with 20000 fields", result.Output, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"it took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_struct_larger_than_the_runtime_can_load_is_opaque_and_reported()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        ChildResult result = await compiler.CompileAsync(
            "struct huge { char bytes[1 << 28]; };\nint use(struct huge *h);\n");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            "test.h:1: struct huge: has 268435456 bytes", result.Output, StringComparison.Ordinal);
        Assert.Contains("0 structs and unions with 0 fields, 1 opaque types", result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_libraries_do_not_write_to_one_folder()
    {
        using var compiler = new Compiler();
        string header = compiler.Write("good.h", "struct a { int x; };");
        AssertOneSentence(
            await Compiler.RunAsync(
                ["--file", header, "--output", compiler.OutputFolder, "--next", "--file", header, "--output",
                    compiler.OutputFolder]),
            "two libraries would write to this folder");
        Assert.Empty(compiler.OutputFiles());
    }

    private static async Task AssertHeaderRefusedAsync(
        string text, string first, string second, string[]? more = null)
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        Assert.Equal(0, (await compiler.CompileAsync("struct good { int x; };")).ExitCode);
        Dictionary<string, DateTime> before = Times(compiler);

        string header = compiler.Write("bad.h", text);
        ChildResult result = await Compiler.RunAsync(
            ["--file", header, "--output", compiler.OutputFolder, .. more ?? []]);

        AssertOneSentence(result, first, second);
        Assert.Equal(before, Times(compiler));
    }

    private static async Task AssertRefusedAsync(string[] arguments, params string[] parts)
    {
        using var compiler = new Compiler();
        compiler.Write("good.h", "struct a { int x; };");
        string[] complete = arguments.Contains("--output")
            || parts[0].StartsWith("no --output", StringComparison.Ordinal)
            ? arguments
            : [.. arguments, "--output", compiler.OutputFolder];
        AssertOneSentence(await Compiler.RunAsync(complete, workingDirectory: compiler.PathOf(".")), parts);
        Assert.Empty(compiler.OutputFiles());
    }

    private static void AssertOneSentence(ChildResult result, params string[] parts)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("nvmegpu-headers: ", line, StringComparison.Ordinal);
        Assert.EndsWith(".", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    private static Dictionary<string, DateTime> Times(Compiler compiler) =>
        compiler.OutputFiles().ToDictionary(
        file => file, file => File.GetLastWriteTimeUtc(Path.Combine(compiler.OutputFolder, file)));
}
