using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// <c>--target aarch64-linux-gnu</c>: the numbers are those of Debian's cross compiler, read out of an object
/// file, and what differs from x86-64 is reported.
/// </summary>
public sealed class CrossTargetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Liburing", 39, 380)]
    [InlineData("NvmeIoctl", 4, 80)]
    [InlineData("Cuda", 72, 1300)]
    [InlineData("Shapes", 68, 440)]
    public async Task Every_number_for_aarch64_is_that_of_the_cross_compiler(
        string name, int recordsMin, int factsMin)
    {
        await CCompiler.Cross.RequireAsync();
        await Headers.RequireLibClangAsync();
        GeneratedLibrary library = await GeneratedLibrary.MakeAsync(
            "Methods", "Aarch64",
            [.. OptionsOf(name, CCompiler.Cross, "--include-directory"), "--target", "aarch64-linux-gnu"]);
        IReadOnlyList<(string Key, string Value)> facts = [.. library.Facts().Select(
            fact => (fact.Key, CrossCompilerFacts.Known(fact.Key, fact.Value)))];

        Dictionary<string, string> truth = await CrossCompilerFacts.AskAsync(
            CCompiler.Cross, HeaderOf(name), [.. facts.Select(fact => fact.Key)]);

        Assert.InRange(facts.Count(fact => fact.Key.StartsWith("sizeof ", StringComparison.Ordinal)),
            recordsMin, int.MaxValue);
        Assert.InRange(facts.Count, factsMin, int.MaxValue);
        List<string> differences = [.. facts
            .Where(fact => truth[fact.Key] != fact.Value)
            .Select(fact => $"{fact.Key}: gcc says {truth[fact.Key]}, C# says {fact.Value}")];
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        FactsFile.Keep(name, [("aarch64", facts.Count), .. FactCounts.OfReport(library.Printed)]);
        output.WriteLine($"{name}: {facts.Count} numbers agree with the cross compiler");
    }

    [Fact]
    public async Task What_is_read_out_of_an_object_file_is_what_a_program_prints()
    {
        await CCompiler.Bindings.RequireAsync();
        await Headers.RequireLibClangAsync();
        GeneratedLibrary library = await GeneratedLibrary.MakeAsync(
            "Methods", "X86", OptionsOf("Shapes", CCompiler.Bindings, "--include-directory"));
        string[] keys = [.. library.Facts().Select(fact => fact.Key)];

        Dictionary<string, string> printed = await CCompilerFacts.AskAsync(
            CCompiler.Bindings, HeaderOf("Shapes"), keys);
        Dictionary<string, string> read = await CrossCompilerFacts.AskAsync(
            CCompiler.Bindings, HeaderOf("Shapes"), keys);

        Assert.Equal(printed.ToDictionary(
            fact => fact.Key, fact => CrossCompilerFacts.Known(fact.Key, fact.Value)), read);
    }

    [Theory]
    [InlineData("NvmeIoctl", "the same on aarch64-linux-gnu: all 18 declarations")]
    [InlineData("Cuda", "the same on aarch64-linux-gnu: all ")]
    [InlineData("Liburing", "the same on aarch64-linux-gnu: all ")]
    [InlineData("Shapes", "different on aarch64-linux-gnu: 2 of ",
        "struct bits_bool (", "- [StructLayout(LayoutKind.Explicit, Size = 2)]",
        "+ [StructLayout(LayoutKind.Explicit, Size = 4)]", "struct bits_zero (")]
    public async Task A_comparison_of_targets_says_the_same_or_lists_what_differs(
        string name, params string[] parts)
    {
        await CCompiler.Cross.RequireAsync();
        await Headers.RequireLibClangAsync();
        using var folder = new TemporaryFolder();
        ChildResult result = await Headers.CompileAsync(
        [
            .. OptionsOf(name, CCompiler.Bindings, "--include-directory"), "--output", folder.FullPath,
            "--compare-target", "aarch64-linux-gnu", .. OptionsOf(
                name, CCompiler.Cross, "--compare-include-directory").SkipWhile(
                option => option != "--compare-include-directory"),
        ]);

        Assert.True(result.ExitCode == 0, result.All);
        Assert.All(parts, part => Assert.Contains(part, result.Output, StringComparison.Ordinal));
    }

    // Without the overlays: names and types as C has them.
    private static string[] OptionsOf(string name, CCompiler compiler, string includeOption) =>
    [
        "--std", "gnu17", "--file", HeaderOf(name),
        "--traverse", .. name == "Shapes" ? ["shapes.h"] : Library.Of(name).Requested,
        includeOption, .. compiler.IncludeFolders,
    ];

    private static string HeaderOf(string name) => name == "Shapes"
        ? Repository.PathOf("tests", "NvmeGpu.Bindings.Tests", "shapes.h")
        : Library.Of(name).UmbrellaPath;
}
