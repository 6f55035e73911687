using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Headers that the header compiler was not made for: what it makes of them compiles by itself, and every
/// size, offset and value is gcc's.
/// </summary>
public sealed class ForeignHeadersMatchCTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("zlib", 3, 30, 0, 39, 80)]
    [InlineData("sqlite3", 22, 188, 0, 474, 283)]
    [InlineData("libnvme", 236, 1916, 242, 46, 411)]
    [InlineData("linux_uapi", 934, 5785, 396, 5313, 0)]
    public async Task A_foreign_header_compiles_by_itself_and_agrees_with_gcc(
        string name, int recordsMin, int fieldsMin, int enumsMin, int constantsMin, int functionsMin)
    {
        await CCompiler.Foreign.RequireAsync();
        await Headers.RequireLibClangAsync();
        GeneratedLibrary library = await GeneratedLibrary.MakeAsync(
            "Methods", "Foreign", "@" + Repository.PathOf(
                "tests", "NvmeGpu.Bindings.Tests", "Foreign", name + ".rsp"));
        IReadOnlyList<(string Key, string Value)> facts = library.Facts();
        output.WriteLine(library.Printed);

        Assert.InRange(Count("sizeof"), recordsMin, int.MaxValue);
        Assert.InRange(Count("offsetof") + Count("flexible") + Count("bits"), fieldsMin, int.MaxValue);
        Assert.InRange(library.Index.Count(line => line.Kind == "enum"), enumsMin, int.MaxValue);
        Assert.InRange(library.Index.Count(line => line.Kind == "constant"), constantsMin, int.MaxValue);
        Assert.InRange(library.Index.Count(line => line.Kind == "function"), functionsMin, int.MaxValue);
        string header = Repository.PathOf("tests", "NvmeGpu.Bindings.Tests", "Foreign", name + ".umbrella.h");
        await BindingsMatchCTests.AssertAgreesAsync(CCompiler.Foreign, header, facts);
        int functions = await library.AssertCompleteAsync(CCompiler.Foreign, header, facts);
        FactsFile.Keep(name, [.. FactCounts.Of(facts), .. FactCounts.OfReport(library.Printed),
            ("enums", library.Index.Count(line => line.Kind == "enum")),
            ("members", library.Index.Count(line => line.Kind == "member")),
            ("constants", library.Index.Count(line => line.Kind == "constant")),
            ("signatures", functions)]);

        int Count(string kind) =>
            facts.Count(fact => fact.Key.StartsWith(kind + " ", StringComparison.Ordinal));
    }
}
