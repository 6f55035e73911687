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
        GeneratedLibrary library = await GeneratedLibrary.MakeAsync(
            "Shapes", "ShapesOfC", "@" + Repository.PathOf("native-headers", "common.rsp"), "--file", header);
        IReadOnlyList<(string Key, string Value)> facts = library.Facts();
        output.WriteLine(library.Printed);

        await BindingsMatchCTests.AssertAgreesAsync(CCompiler.Bindings, header, facts);
        string kinds = string.Join(", ", facts.CountBy(fact => fact.Key.Split(' ')[0]));
        output.WriteLine(kinds);
        await library.AssertCompleteAsync(CCompiler.Bindings, header, facts);
        Assert.Contains("[bits, 64]", kinds, StringComparison.Ordinal);
        Assert.Contains("[flexible, 17]", kinds, StringComparison.Ordinal);
        Assert.Equal(468, facts.Count);
        output.WriteLine($"{facts.Count} facts agree with gcc");
    }
}
