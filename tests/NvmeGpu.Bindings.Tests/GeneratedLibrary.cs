using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// A library that the header compiler made just now, as a stranger uses it: compiled by itself, with nothing of
/// this project but the generated files.
/// </summary>
internal sealed record GeneratedLibrary(
    string ClassName, string Namespace, Assembly Assembly, IReadOnlyList<IndexLine> Index, string Printed)
{
    /// <summary>Compiles the headers to C#, and that to an assembly.</summary>
    public static async Task<GeneratedLibrary> MakeAsync(
        string className, string @namespace, params string[] options)
    {
        using var folder = new TemporaryFolder();
        ChildResult result = await Headers.CompileAsync(
        [
            .. options, "--methodClassName", className, "--namespace", @namespace, "--output", folder.FullPath,
            "--config", "generate-helper-types",
        ]);
        Assert.True(result.ExitCode == 0, result.All);
        Assembly assembly = Consumer.Compile(
            Directory.EnumerateFiles(folder.FullPath, "*.cs"), isPublic: false, referencesBindings: false);
        return new GeneratedLibrary(
            className,
            @namespace,
            assembly,
            IndexLine.Parse(await File.ReadAllLinesAsync(
                folder.PathOf("index.txt"), TestContext.Current.CancellationToken)),
            result.Output);
    }

    /// <summary>Everything that C can be asked about the library.</summary>
    public IReadOnlyList<(string Key, string Value)> Facts()
    {
        List<(string Key, string Value)> facts = [];
        foreach (IndexLine line in Index.Where(line => line.Kind is "struct" or "union"))
        {
            facts.AddRange(RuntimeLayout.Facts(TypeOf(line.Name), line.Spelling));
        }
        foreach (IndexLine line in Index.Where(line => line.Kind == "enum"))
        {
            facts.AddRange(ConstantFacts.OfEnum(TypeOf(line.Name), line.Spelling));
        }
        if (Index.Any(line => line.Kind == "constant"))
        {
            facts.AddRange(ConstantFacts.OfClass(TypeOf(ClassName)));
        }
        return facts;
    }

    public Type TypeOf(string name) => Assembly.GetType($"{Namespace}.{name}", throwOnError: true)!;
}
