using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>The same input gives the same bytes, and what is right already is not touched.</summary>
public sealed class OutputFolderTests
{
    private const string Header = """
        struct b { int x; };
        struct a { struct b *next; unsigned flags : 3; };
        enum e { E1, E2 };
        #define ONE 1
        int call(struct a *a);
        """;

    [Fact]
    public async Task Two_runs_from_different_folders_write_the_same_bytes()
    {
        await Compiler.RequireLibClangAsync();
        using var first = new Compiler();
        using var second = new Compiler();
        Assert.Equal(0, (await first.CompileAsync(Header)).ExitCode);
        second.Write("sub/test.h", Header);
        // The same options in a response file, found and run from elsewhere.
        string response = second.Write(
            "sub/test.rsp", "--file\ntest.h\n# a comment\n--methodClassName=Test\n--output\n../out\n");
        ChildResult result = await Compiler.RunAsync(["@" + response], workingDirectory: "/");
        Assert.True(result.ExitCode == 0, result.All);

        Assert.Equal(
            ["Accessibility.Internal.g.cs", "Accessibility.Public.g.cs", "Constants.g.cs", "Enums.g.cs",
                "Functions.g.cs",
                "Types.g.cs", "index.txt"],
            first.OutputFiles());
        Assert.Equal(Contents(first), Contents(second));
    }

    [Fact]
    public async Task The_same_header_gives_the_same_code_for_both_targets()
    {
        await Compiler.RequireLibClangAsync();
        const string Text =
            Header + "\nstruct c { char text[3]; long l; void *p; };\nint name(char *text, long size);\n";
        using var first = new Compiler();
        using var second = new Compiler();
        Assert.Equal(0, (await first.CompileAsync(Text, "--target", "x86_64-linux-gnu")).ExitCode);
        Assert.Equal(0, (await second.CompileAsync(Text, "--target", "aarch64-linux-gnu")).ExitCode);

        string[] files = [.. first.OutputFiles().Where(file => file != "index.txt")];
        Assert.Equal(6, files.Length);
        Assert.All(files, file => Assert.Equal(
            Contents(first)[file], Contents(second)[file].Replace(
                "aarch64", "x86_64", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_unchanged_file_is_not_written_again_and_a_file_that_is_made_no_more_is_removed()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        Assert.Equal(0, (await compiler.CompileAsync(Header)).ExitCode);
        string types = Path.Combine(compiler.OutputFolder, "Types.g.cs");
        File.SetLastWriteTimeUtc(types, DateTime.UnixEpoch);

        ChildResult same = await compiler.CompileAsync(Header);
        Assert.Contains("0 files changed", same.Output, StringComparison.Ordinal);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(types));

        ChildResult less = await compiler.CompileAsync("struct b { int x; };");
        Assert.Equal(0, less.ExitCode);
        Assert.DoesNotContain("Enums.g.cs", compiler.OutputFiles());
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(types));
    }

    [Fact]
    public async Task Every_file_begins_with_where_it_comes_from_and_has_no_path_of_the_machine()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string header = compiler.Write("somelib-dev/test.h", Header);
        string hash =
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(header)));
        string lockFile =
            compiler.Write("headers.lock", $"package somelib-dev 1.2-3\nheader somelib-dev test.h {hash}\n");
        string[] options = ["--file", header, "--output", compiler.OutputFolder, "--lock", lockFile];

        Assert.Equal(0, (await Compiler.RunAsync(options)).ExitCode);
        foreach ((string name, string text) in Contents(compiler))
        {
            Assert.Contains("test.h (somelib-dev 1.2-3), x86_64-linux-gnu.", text, StringComparison.Ordinal);
            Assert.Contains("generator/NvmeGpu.HeaderCompiler", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Repository.Root, text, StringComparison.Ordinal);
            Assert.All(text, c => Assert.True(char.IsAscii(c)));
            Assert.True(
                name == "index.txt" || text.StartsWith("#nullable enable\n", StringComparison.Ordinal), name);
        }

        compiler.Write("somelib-dev/test.h", Header + "\nstruct c { int changed; };");
        Assert.Equal(0, (await Compiler.RunAsync(options)).ExitCode);
        Assert.Contains("(somelib-dev, but not the locked 1.2-3)", Contents(compiler)["Types.g.cs"],
            StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Contents(Compiler compiler) => compiler.OutputFiles()
        .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(compiler.OutputFolder, file)));
}
