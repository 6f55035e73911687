using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Whatever <c>--with-access-specifier</c> asks for compiles, and reflection sees what was asked for.
/// </summary>
public sealed class AccessSpecifierTests
{
    private const string Header = """
        enum kind { KIND_A, KIND_B };
        struct inner { int a; };
        struct outer {
            struct inner one; struct inner many[3]; struct inner *pointers[2]; enum kind k : 3;
            struct { struct inner deep; } nameless; int plain; void (*call)(struct inner *); struct inner rest[];
        };
        struct alone { int a; };
        #define KIND_DEFAULT ((enum kind)1)
        #define NUMBER 3
        int use(struct inner *i);
        int plain_function(int x);
        """;

    [Theory]
    [InlineData("inner=internal")]
    [InlineData("inner=internal", "kind=internal")]
    [InlineData("*=internal")]
    [InlineData("*=internal", "outer=public")]
    [InlineData("*=public", "inner=internal", "kind=internal", "NUMBER=private")]
    [InlineData("outer=public")]
    [InlineData("outer=public", "inner=internal")]
    [InlineData("Methods=internal", "MethodsFunctions=public", "use=private")]
    [InlineData("outer.plain=private", "outer.one=internal")]
    public async Task Every_combination_compiles_in_both_modes(params string[] specifiers)
    {
        await Headers.RequireLibClangAsync();
        foreach (bool isPublic in new[] { true, false })
        {
            Assembly assembly = await CompileAsync(isPublic, specifiers);
            foreach (string[] pair in specifiers.Select(specifier => specifier.Split('=')))
            {
                if (assembly.GetType("Access." + pair[0]) is { } type)
                {
                    Assert.Equal(pair[1] == "public", type.IsPublic);
                }
            }
        }
    }

    [Fact]
    public async Task What_is_hidden_is_hidden_and_the_rest_is_not()
    {
        await Headers.RequireLibClangAsync();
        Assembly assembly = await CompileAsync(
            isPublic: true, "inner=internal", "outer.plain=private", "NUMBER=private", "use=internal");
        Type outer = assembly.GetType("Access.outer")!;
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static;
        Assert.True(outer.IsPublic);
        Assert.True(outer.GetField("plain", All)!.IsPrivate);
        Assert.True(outer.GetField("one", All)!.IsAssembly);
        Assert.True(outer.GetField("many", All)!.IsAssembly);
        Assert.True(outer.GetField("pointers", All)!.IsAssembly);
        Assert.True(outer.GetField("call", All)!.IsAssembly);
        Assert.True(outer.GetProperty("rest", All)!.GetMethod!.IsAssembly);
        Assert.True(outer.GetProperty("k", All)!.GetMethod!.IsPublic);
        Assert.True(outer.GetField("nameless", All)!.IsPublic);
        Assert.True(assembly.GetType("Access.alone")!.IsPublic);
        Assert.True(assembly.GetType("Access.Methods")!.GetField("NUMBER", All)!.IsPrivate);
        Assert.True(assembly.GetType("Access.Methods")!.GetField("KIND_DEFAULT", All)!.IsPublic);
        Assert.True(assembly.GetType("Access.MethodsFunctions")!.GetField("use", All)!.IsAssembly);
        Assert.True(assembly.GetType("Access.MethodsFunctions")!.GetField("plain_function", All)!.IsPublic);
    }

    private static async Task<Assembly> CompileAsync(bool isPublic, params string[] specifiers)
    {
        using var folder = new TemporaryFolder();
        string header = folder.PathOf("access.h");
        await File.WriteAllTextAsync(header, Header, TestContext.Current.CancellationToken);
        ChildResult result = await Headers.CompileAsync(
        [
            "--file", header, "--output", folder.PathOf("out"), "--namespace", "Access",
            "--with-access-specifier", .. specifiers,
        ]);
        Assert.True(result.ExitCode == 0, result.All);
        string otherMode = isPublic ? "Internal.g.cs" : "Public.g.cs";
        string[] sources = [.. Directory.EnumerateFiles(folder.PathOf("out"), "*.g.cs")
            .Where(file => !file.EndsWith(otherMode, StringComparison.Ordinal))];
        // Source mode marks types with the attribute that the compiler knows by name.
        string embedded = folder.PathOf("Embedded.cs");
        await File.WriteAllTextAsync(
            embedded,
            "namespace Microsoft.CodeAnalysis { internal sealed class EmbeddedAttribute : System.Attribute { "
            + "} }",
            TestContext.Current.CancellationToken);
        return Consumer.Compile(
            isPublic ? sources : [.. sources, embedded], isPublic, referencesBindings: true);
    }
}
