using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// Runs one rule over a small program. What the rule must say is marked in the text, <c>{|NVG0007:the
/// value|}</c>; anything else that is said, by the rule, the compiler or the analyzer driver (AD0001), fails
/// the test. The program is compiled against the contract sources that ship, and against a stand-in for the
/// bindings (<see cref="Prelude"/>).
/// </summary>
internal static class RuleTest
{
    private static readonly CSharpParseOptions s_language = new(LanguageVersion.CSharp14);

    private static readonly CSharpCompilationOptions s_compilation =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The statements run in an unsafe method of a class with some things to work on.</summary>
    public static Task Statements<TRule>(string statements)
        where TRule : DiagnosticAnalyzer, new() => Program<TRule>(InMethod(statements));

    public static Task Program<TRule>(string program)
        where TRule : DiagnosticAnalyzer, new()
    {
        var test = new CSharpAnalyzerTest<TRule, DefaultVerifier>();
        Prepare(test, program);
        return test.RunAsync();
    }

    /// <summary>The exact texts, in the order of the program.</summary>
    public static async Task Messages<TRule>(string statements, params string[] messages)
        where TRule : DiagnosticAnalyzer, new()
    {
        ImmutableArray<Diagnostic> said =
            await Compile("Program", [InMethod(statements), Prelude.Text], withContracts: true)
            .WithAnalyzers([new TRule()])
            .GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            messages,
            said.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .Select(diagnostic => diagnostic.GetMessage()));
    }

    public static CSharpCompilation Compile(
        string name,
        string[] sources,
        bool withContracts,
        params MetadataReference[] more)
    {
        IEnumerable<string> all = withContracts
            ? [.. sources, .. ContractSources().Select(file => file.Text)] : sources;
        return CSharpCompilation.Create(
            name,
            all.Select(text => CSharpSyntaxTree.ParseText(text, s_language)),
            [.. s_references, .. more],
            s_compilation);
    }

    /// <summary>
    /// Applies the fix until nothing changes any more; equal texts say that none may be offered.
    /// </summary>
    public static Task Fix<TRule, TFix>(string statements, string fixedStatements)
        where TRule : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new() =>
        FixProgram<TRule, TFix>(InMethod(statements), InMethod(fixedStatements));

    /// <summary>As <see cref="Fix"/>, one by one and all at once.</summary>
    public static Task FixProgram<TRule, TFix>(string program, string fixedProgram)
        where TRule : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<TRule, TFix, DefaultVerifier>();
        Prepare(test, program);
        test.FixedState.Sources.Add(("Program.cs", fixedProgram));
        test.FixedState.Sources.AddRange(Surroundings());
        return test.RunAsync();
    }

    private static void Prepare(AnalyzerTest<DefaultVerifier> test, string program)
    {
        test.TestState.Sources.Add(("Program.cs", program));
        test.TestState.Sources.AddRange(Surroundings());
        // A rule may have several messages; Messages compares those.
        test.MarkupOptions = MarkupOptions.UseFirstDescriptor;
        // The assemblies of the running test: nothing is fetched.
        test.ReferenceAssemblies = new ReferenceAssemblies("net10.0");
        test.TestState.AdditionalReferences.AddRange(s_references);
        test.SolutionTransforms.Add((solution, id) => solution
            .WithProjectParseOptions(id, s_language)
            .WithProjectCompilationOptions(id, s_compilation));
    }

    private static IEnumerable<(string Name, SourceText Text)> Surroundings() =>
        ContractSources().Append(("Prelude.cs", Prelude.Text)).Select(file =>
            (file.Item1, SourceText.From(file.Item2)));

    /// <summary>As a consumer gets them in source mode.</summary>
    private static IEnumerable<(string Name, string Text)> ContractSources()
    {
        foreach (string path in Directory.GetFiles(Repository.PathOf("bindings", "Contracts"), "*.cs")
            .Order())
        {
            if (Path.GetFileName(path) != "Accessibility.Public.cs")
            {
                yield return (Path.GetFileName(path), File.ReadAllText(path));
            }
        }
    }

    private static string InMethod(string statements) => $$"""
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.Linq;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe class Program
        {
            byte headerByte;

            void Run(io_uring_sqe* sqe, Ring ring, bool flag, int n, byte[] given)
            {
        {{Indented(statements)}}
            }
        }
        """;

    private static string Indented(string statements) =>
        string.Join('\n', statements.Split('\n').Select(line => line.Length == 0 ? line : "        " + line));
}
