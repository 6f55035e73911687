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
    public async Task A_disk_that_fills_up_in_the_middle_leaves_the_output_of_all_libraries_as_it_was()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string first = compiler.Write("first.h", Header);
        string second = compiler.Write("second.h", Header);
        string[] options =
        [
            "--file", first, "--output", compiler.OutputFolder, "--next", "--file", second, "--output",
            compiler.PathOf("out2"),
        ];
        Assert.Equal(0, (await Compiler.RunAsync(options)).ExitCode);
        Dictionary<string, string> before = Contents(compiler);
        compiler.Write("first.h", Header + "\nstruct changed { int x; };\n#define CHANGED 1\n");
        compiler.Write("second.h", Header + "\n" + string.Concat(Enumerable.Range(0, 400).Select(
            i => $"struct more{i} {{ int x; long y; }};\n")));

        // No file may grow beyond 32 KiB, and who tries gets an error instead of a signal: as on a full disk.
        // The runtime would put its own code into a larger file in memory.
        ChildResult result = await ChildProcess.RunAsync(
            "bash",
            ["-c", "trap '' XFSZ; ulimit -f 32; exec \"$@\"", "bash", "dotnet",
                Path.Combine(AppContext.BaseDirectory, "nvmegpu-headers.dll"), .. options],
            environment: new Dictionary<string, string?>
            {
                ["DOTNET_EnableWriteXorExecute"] = "0",
                ["DOTNET_EnableDiagnostics"] = "0",
            });

        Assert.True(result.ExitCode == 1, result.All);
        Assert.Contains("out2: the generated files could not be written (", result.Error,
            StringComparison.Ordinal);
        Assert.Equal(before, Contents(compiler));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(compiler.PathOf("."), "*", SearchOption.AllDirectories),
            file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Types.g.cs", "this file was not made by nvmegpu-headers")]
    [InlineData("index.txt", "this file was not made by nvmegpu-headers")]
    public async Task A_file_of_somebody_else_is_not_replaced(string name, string sentence)
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        compiler.Write("out/" + name, "// mine\n");

        ChildResult result = await compiler.CompileAsync(Header);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{name}: {sentence}", result.Error, StringComparison.Ordinal);
        Assert.Equal([name], compiler.OutputFiles());
        Assert.Equal("// mine\n", Contents(compiler)[name]);
    }

    [Fact]
    public async Task A_generated_looking_file_of_somebody_else_is_not_removed()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        compiler.Write("out/Mine.g.cs", "// mine\n");
        Assert.Equal(0, (await compiler.CompileAsync(Header)).ExitCode);
        Assert.Contains("Mine.g.cs", compiler.OutputFiles());
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_named_and_nothing_is_written()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        Directory.CreateDirectory(Path.Combine(compiler.OutputFolder, "Types.g.cs"));

        ChildResult result = await compiler.CompileAsync(Header);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Types.g.cs: this is a folder", result.Error, StringComparison.Ordinal);
        Assert.Empty(compiler.OutputFiles());
    }

    [Theory]
    [InlineData("/dev/full")]
    [InlineData("/proc/nowhere")]
    public async Task An_output_where_nothing_can_be_written_is_named(string folder)
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string header = compiler.Write("test.h", Header);
        ChildResult result = await Compiler.RunAsync(["--file", header, "--output", folder]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{folder}: the generated files could not be written (", result.Error,
            StringComparison.Ordinal);
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
