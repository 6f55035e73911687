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
/// A header with every shape that the three libraries do not have (bit-fields, packed structs, ...): compiled
/// to C#, that compiled by Roslyn, and the result compared with gcc as the bindings are.
/// </summary>
public sealed class ShapesMatchCTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_shape_has_the_layout_and_every_constant_the_value_that_gcc_gives_it()
    {
        Headers.Require();
        await Headers.RequireGccAsync();
        await Headers.RequireLibClangAsync();
        string header = Repository.PathOf("tests", "NvmeGpu.Bindings.Tests", "shapes.h");
        using var folder = new TemporaryFolder();
        ChildResult result = await Headers.CompileAsync(
            "@" + Repository.PathOf("native-headers", "common.rsp"), "--file", header, "--output",
            folder.FullPath,
            "--methodClassName", "Shapes", "--namespace", "ShapesOfC");
        Assert.True(result.ExitCode == 0, result.All);

        Assembly assembly = Consumer.Compile(
            Directory.EnumerateFiles(folder.FullPath, "*.g.cs")
                .Where(file => !file.EndsWith("Internal.g.cs", StringComparison.Ordinal)),
            isPublic: true,
            referencesBindings: true);
        IReadOnlyList<IndexLine> index = IndexLine.Parse(
            await File.ReadAllLinesAsync(folder.PathOf("index.txt"), TestContext.Current.CancellationToken));
        List<(string Key, string Value)> facts = [];
        foreach (IndexLine line in index)
        {
            if (line.Kind is "struct" or "union")
            {
                facts.AddRange(
                    RuntimeLayout.Facts(assembly.GetType("ShapesOfC." + line.Name)!, line.Spelling));
            }
            else if (line.Kind is "enum")
            {
                facts.AddRange(
                    ConstantFacts.OfEnum(assembly.GetType("ShapesOfC." + line.Name)!, line.Spelling));
            }
        }
        facts.AddRange(ConstantFacts.OfClass(assembly.GetType("ShapesOfC.Shapes")!));

        await BindingsMatchCTests.AssertAgreesAsync(header, facts);
        string kinds = string.Join(", ", facts.CountBy(fact => fact.Key.Split(' ')[0]));
        output.WriteLine(kinds);
        Assert.Contains("[bits, 17]", kinds, StringComparison.Ordinal);
        Assert.Contains("[flexible, 3]", kinds, StringComparison.Ordinal);
        Assert.Equal(165, facts.Count);
        output.WriteLine($"{facts.Count} facts agree with gcc");
    }
}
