using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.NextCompiler.Tests;

/// <summary>The sources that consumers compile, under the memory safety rules of C# 15.</summary>
/// <remarks>
/// What these rules ask, as Roslyn 5.12 has them: `unsafe` on a member speaks to its callers and is no unsafe
/// context for its body; on a type it means nothing; fields of explicit layouts, which may lie over each
/// other, and extern members say whether they are safe; and creating a pointer needs nothing, following it
/// does. See https://learn.microsoft.com/dotnet/csharp/language-reference/proposals/unsafe-evolution.
/// </remarks>
public sealed class MemorySafetyTests
{
    // What the props' own configuration says about our sources (NvmeGpu.targets): C layouts with C names.
    private static readonly string[] s_configured = ["CS0169", "CS0414", "CS0649", "CS8981"];

    [Fact]
    public async Task All_shipped_sources_compile_under_the_rules_of_CSharp_15_without_a_warning()
    {
        SyntaxTree[] trees = await ShippedSources.ParseAsync(Compilations.UpdatedMemorySafety);

        Assert.True(trees.Length > 100);
        Assert.Equal("", Problems(Compilations.Of(trees)));
    }

    [Fact]
    public async Task The_same_sources_compile_as_CSharp_14_without_a_warning() =>
        Assert.Equal("", Problems(Compilations.Of(await ShippedSources.ParseAsync(Compilations.CSharp14))));

    [Fact]
    public async Task So_do_the_inline_functions_that_are_made_from_the_locked_headers()
    {
        string folder = Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline");
        Requirement.That(
            Directory.Exists(folder),
            "liburing's inline functions were not translated here: native-headers/restore, and build the "
            + "bindings");
        SyntaxTree[] trees = await ShippedSources.ParseAsync(Compilations.UpdatedMemorySafety);
        SyntaxTree[] inline =
        [
            .. Directory.GetFiles(folder, "*.g.cs", SearchOption.AllDirectories)
                .Where(path => !Path.GetFileName(path)
                    .StartsWith("Accessibility.Public", System.StringComparison.Ordinal))
                .Select(path => CSharpSyntaxTree.ParseText(
                    File.ReadAllText(path), Compilations.UpdatedMemorySafety, path,
                    System.Text.Encoding.UTF8)),
        ];

        Assert.Equal("", Problems(Compilations.Of([.. trees, .. inline])));
    }

    // Each is right as C# 14, so nothing but the rules can refuse it.
    [Theory]
    [InlineData("CS9360", "class C { static unsafe int Read(int* p) => *p; }")]
    [InlineData("CS9362", "class C { static unsafe void Free() { } static void Use() => Free(); }")]
    [InlineData("CS9377", "unsafe class C { }")]
    [InlineData("CS9389",
        "using System.Runtime.InteropServices; "
        + "class C { [DllImport(\"libc\")] static extern int getpid(); }")]
    [InlineData("CS9392", "using System.Runtime.InteropServices; "
        + "[StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public int Bits; }")]
    public void The_rules_are_really_on(string id, string program)
    {
        Assert.Equal(
            "", Problems(Compilations.Of([CSharpSyntaxTree.ParseText(program, Compilations.CSharp14)])));
        Assert.Contains(
            id, Problems(
                Compilations.Of([CSharpSyntaxTree.ParseText(program, Compilations.UpdatedMemorySafety)])));
    }

    private static string Problems(CSharpCompilation compilation)
    {
        using var assembly = new MemoryStream();
        return string.Join('\n', compilation.Emit(assembly).Diagnostics.Where(diagnostic =>
            diagnostic.Severity >= DiagnosticSeverity.Warning && !s_configured.Contains(diagnostic.Id)));
    }
}
