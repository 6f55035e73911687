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
    [InlineData("--with-access-specifier")]
    [InlineData("-was")]
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
            "-n", "N.M",
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
