using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>What the header compiler made of a header, parsed.</summary>
internal sealed class TranslatedHeader
{
    public const string FileName = "InlineFunctions.g.cs";

    private TranslatedHeader(IReadOnlyList<SyntaxTree> trees, string printed)
    {
        Trees = trees;
        Printed = printed;
        Inline = trees.Single(tree => Path.GetFileName(tree.FilePath) == FileName);
        Class = Inline.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().First();
        Methods = Inline.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .ToDictionary(method => method.Identifier.ValueText, StringComparer.Ordinal);
        Externals = [.. FindExternals()];
    }

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14);

    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>The file with the translated functions.</summary>
    public SyntaxTree Inline { get; }

    public ClassDeclarationSyntax Class { get; }

    /// <summary>
    /// By name. Those that call exported functions without C# of ours are methods of the function table.
    /// </summary>
    public IReadOnlyDictionary<string, MethodDeclarationSyntax> Methods { get; }

    /// <summary>The name of the function table that has methods, if there is one.</summary>
    public string? TableName => Methods.Values.Where(IsOfTable).Select(method =>
        ((ClassDeclarationSyntax)method.Parent!).Identifier.Text).FirstOrDefault();

    /// <summary>Functions of the C library that the translated ones call, by name; in the order of their
    /// numbers.</summary>
    public IReadOnlyList<string> Externals { get; }

    /// <summary>The header compiler's output: the report.</summary>
    public string Printed { get; }

    public string Namespace =>
        Inline.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().First().Name.ToString();

    public static async Task<TranslatedHeader> MakeAsync(
        HeaderUnderTest header, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        ChildResult result = await HeaderCompiler.RunAsync(
            [.. header.CompilerOptions, "--output", folder.FullPath, "--inline-output",
                folder.PathOf("inline")]);
        Assert.True(result.ExitCode == 0, result.All);
        string[] files = Directory.GetFiles(folder.FullPath, "*.g.cs", SearchOption.AllDirectories);
        Assert.True(
            files.Any(file => Path.GetFileName(file) == FileName),
            $"the header compiler wrote no {FileName} for {header.Name}:\n{result.All}");
        // The attributes that generated code carries are by hand. Everything becomes one assembly with the
        // wrappers, so that nothing needs to be public.
        IEnumerable<string> byHand = Directory.GetFiles(Repository.PathOf("bindings", "Contracts"), "*.cs")
            .Concat(Directory.GetFiles(Repository.PathOf("bindings", "Native"), "*.cs"));
        var trees = new List<SyntaxTree>();
        foreach (string file in files.Concat(byHand).Where(
            file => !Path.GetFileName(file).StartsWith("Accessibility.", StringComparison.Ordinal)))
        {
            trees.Add(CSharpSyntaxTree.ParseText(
                await File.ReadAllTextAsync(file, cancellation), ParseOptions, file,
                cancellationToken: cancellation));
        }
        return new(trees, result.All);
    }

    public bool IsCalledByStatic(string external) =>
        Class.DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Any(call => call.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == external);

    public static bool IsOfTable(MethodDeclarationSyntax method) =>
        !method.Modifiers.Any(SyntaxKind.StaticKeyword);

    /// <summary>The function table's field for an exported function: its C# signature.</summary>
    public (string Result, string[] Parameters) SignatureOf(string external)
    {
        VariableDeclarationSyntax declaration = Tables()
            .First(field => field.Variables[0].Identifier.ValueText == external);
        string[] types = [.. ((FunctionPointerTypeSyntax)declaration.Type).ParameterList.Parameters
            .Select(parameter => parameter.Type.ToString())];
        bool isBool = declaration.Parent!.ToString().Contains("\"_Bool (", StringComparison.Ordinal);
        return (isBool ? "bool" : types[^1], types[..^1]);
    }

    private IEnumerable<string> FindExternals()
    {
        HashSet<string> exported = [.. Tables().Select(field => field.Variables[0].Identifier.ValueText)];
        return Inline.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(call => call.Expression).OfType<IdentifierNameSyntax>()
            .Select(name => name.Identifier.ValueText)
            .Where(name => exported.Contains(name) && !Methods.ContainsKey(name))
            .Distinct().Order(StringComparer.Ordinal);
    }

    private IEnumerable<VariableDeclarationSyntax> Tables() => Trees
        .Where(tree => Path.GetFileName(tree.FilePath) == "Functions.g.cs")
        .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<VariableDeclarationSyntax>())
        .Where(declaration =>
            declaration is { Type: FunctionPointerTypeSyntax, Parent: FieldDeclarationSyntax });
}
