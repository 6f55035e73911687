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
/// A library that the header compiler made just now, as a stranger uses it: compiled by itself, with nothing
/// of this project but the generated files.
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
            .. options, "--methodClassName", className, "--namespace", @namespace, "--output",
            folder.FullPath,
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

    /// <summary>One of the three that are committed.</summary>
    public static GeneratedLibrary Committed(Library library) => new(
        library.Name, "NvmeGpu.Bindings", typeof(Liburing).Assembly, library.ReadIndex(), "");

    /// <summary>
    /// Asks gcc's debug information for what the comparison of numbers cannot see: a member that is missing,
    /// and functions whose parameters are wrong. Returns how many functions agree.
    /// </summary>
    public async Task<int> AssertCompleteAsync(
        CCompiler compiler, string header, IReadOnlyList<(string Key, string Value)> facts)
    {
        List<(string Name, Type Pointer)> functions = Index.Any(line => line.Kind == "function")
            ? [.. Signatures.OfTable(TypeOf(ClassName + "Functions"), Index)]
            : [];
        DebugInformation truth = await DebugInformation.OfAsync(
            compiler, header, functions.Select(function => function.Name));

        HashSet<string> bound = [.. facts.Select(fact => fact.Key[(fact.Key.IndexOf(' ') + 1)..])];
        List<string> missing = [];
        foreach (string spelling in Index.Where(line => line.Kind is "struct" or "union").Select(
            line => line.Spelling))
        {
            IReadOnlyList<string>? members = truth.MembersOf(spelling);
            Assert.True(members is not null, $"gcc has no {spelling}");
            missing.AddRange(members.Select(member => $"{spelling} {member}")
                .Where(key => !bound.Contains(key)));
        }
        Assert.Equal([], missing);

        var spellings = Index.Where(line => line.Kind is "struct" or "union" or "opaque")
            .ToDictionary(line => line.Name, line => line.Spelling);
        List<string> wrong = [.. functions
            .Select(function => (function.Name, C: truth.SignatureOf(function.Name),
                CSharp: Signatures.Of(function.Pointer, spellings)))
            .Where(function => function.C != function.CSharp)
            .Select(function => $"{function.Name}: gcc says {function.C}, C# says {function.CSharp}")];
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        return functions.Count;
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
