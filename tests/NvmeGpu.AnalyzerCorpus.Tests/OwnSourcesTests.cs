using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>The rules over what is ours: correct programs all of them, so nothing may be said.</summary>
public sealed partial class OwnSourcesTests
{
    private static readonly string[] s_sourceModeFolders =
    [
        "runtime", "bindings/Contracts", "bindings/Native", "bindings/Linux", "bindings/Liburing",
        "bindings/LiburingExports", "bindings/NvmeIoctl", "bindings/Cuda",
    ];

    [Fact]
    public async Task The_bindings_as_a_project_are_let_alone() => await Silent(
        Files(AsProject, "bindings").Concat(InlineFunctionFiles()), [], ["NVMEGPU_PUBLIC"]);

    [Fact]
    public async Task The_runtime_as_a_project_is_let_alone() =>
        await Silent(Files(AsProject, "runtime"), [ProgramUnderRules.Bindings], ["NVMEGPU_PUBLIC"]);

    [Fact]
    public async Task Everything_as_source_is_let_alone() =>
        await Silent(Files(AsSource, s_sourceModeFolders), [], []);

    [Fact]
    public async Task The_tool_is_let_alone() => await Silent(
        Files(AsSource, [.. s_sourceModeFolders, "tool"]),
        [
            ProgramUnderRules.Reference("System.CommandLine.dll"),
            ProgramUnderRules.Reference("Spectre.Console.dll"),
            ProgramUnderRules.Reference("Spectre.Console.Ansi.dll"),
            ProgramUnderRules.Reference("System.IO.Hashing.dll"),
        ],
        [],
        OutputKind.ConsoleApplication);

    [Fact]
    public async Task The_programs_of_the_README_are_let_alone()
    {
        string readme = await File.ReadAllTextAsync(
            Repository.PathOf("README.md"), TestContext.Current.CancellationToken);
        string[] programs = [.. CSharpBlocks().Matches(readme).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(programs);
        foreach (string program in programs)
        {
            await Silent([.. Files(AsSource, s_sourceModeFolders), ("README.md", program)], [], []);
        }
    }

    private static async Task Silent(
        IEnumerable<(string Path, string Text)> sources,
        MetadataReference[] references,
        string[] defines,
        OutputKind output = OutputKind.DynamicallyLinkedLibrary)
    {
        (string Path, string Text)[] files = [.. sources];
        ProgramUnderRules program = await ProgramUnderRules.CheckAsync(
            files, references, defines, NullableContextOptions.Enable, output);

        // Members that the JSON source generator would add; no generator runs here.
        string[] completed =
        [
            "JsonSerializerContext",
            .. files
                .SelectMany(file => JsonContexts().Matches(file.Text))
                .Select(match => match.Groups[1].Value),
        ];
        Assert.Empty(program.Errors.Where(error =>
            !completed.Any(name => error.GetMessage().Contains(name, StringComparison.Ordinal))));
        Assert.Empty(program.Said.Where(said => !said.IsSuppressed));
    }

    private static bool AsProject(string name) =>
        !name.StartsWith("Accessibility.Internal", StringComparison.Ordinal);

    private static bool AsSource(string name) =>
        !name.StartsWith("Accessibility.Public", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Text)> Files(
        Func<string, bool> isWanted, params string[] folders) =>
        folders
            .Select(folder => Repository.PathOf(folder))
            .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => isWanted(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(path)));

    /// <summary>Where they were translated; elsewhere the bindings are without them.</summary>
    private static IEnumerable<(string Path, string Text)> InlineFunctionFiles()
    {
        string folder = Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline");
        return Directory.Exists(folder) ? Files(AsProject, folder) : [];
    }

    [GeneratedRegex(@"partial class (\w+) : JsonSerializerContext")]
    private static partial Regex JsonContexts();

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlocks();
}
