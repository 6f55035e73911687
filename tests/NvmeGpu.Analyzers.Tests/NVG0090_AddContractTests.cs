using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class AddContractTests
{
    private const string Using = "using NvmeGpu.Contracts;\n";

    [Theory]
    [InlineData("void* {|NVG0090:retained|}", "[KernelRetains(Until.Completion)] void* retained")]
    [InlineData("in long {|NVG0090:retained|}", "[KernelRetains(Until.Completion)] in long retained")]
    [InlineData("int a, void* {|NVG0090:released|}, int b", "int a, [Releases] void* released, int b")]
    [InlineData("[Aligned(512)] void* {|NVG0090:locked|}", "[PageLocked] [Aligned(512)] void* locked")]
    [InlineData("void* {|NVG0090:registered|}, int i", "[Registered(Index = \"i\")] void* registered, int i")]
    [InlineData("/* first */ void* {|NVG0090:retained|} = null",
        "/* first */ [KernelRetains(Until.Completion)] void* retained = null")]
    public Task The_parameter_gets_the_contract_that_the_diagnostic_names(string before, string after) =>
        RuleTest.FixProgram<NamedAfterItsContract, AddContract>(
            Using + InClass(before), Using + InClass(after));

    [Fact]
    public Task All_parameters_of_a_file_get_theirs_at_once() =>
        RuleTest.FixProgram<NamedAfterItsContract, AddContract>(
        Using + InClass("""
            void* {|NVG0090:retained|},
                    void* {|NVG0090:released|}, void* other
            """),
        Using + InClass("""
            [KernelRetains(Until.Completion)] void* retained,
                    [Releases] void* released, void* other
            """));

    [Fact]
    public Task Without_the_using_the_names_are_full() =>
        RuleTest.FixProgram<NamedAfterItsContract, AddContract>(
        InClass("void* {|NVG0090:retained|}"),
        InClass("[NvmeGpu.Contracts.KernelRetains(NvmeGpu.Contracts.Until.Completion)] void* retained"));

    [Theory]
    [InlineData("void* {|NVG0090:none|}")]
    [InlineData("void* {|NVG0090:broken|}")]
    public Task Without_a_contract_to_add_no_fix_is_offered(string parameters) =>
        RuleTest.FixProgram<NamedAfterItsContract, AddContract>(
            Using + InClass(parameters), Using + InClass(parameters));

    private static string InClass(string parameters) => $$"""
        unsafe class Reader
        {
            public void Read({{parameters}}) { }
        }
        """;
}

/// <summary>Stands for the rule: it says of a parameter with one of these names what it lacks.</summary>
#pragma warning disable RS1036, RS1038, RS1041, RS2008 // runs in this test only and never ships
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NamedAfterItsContract : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        ContradictoryContract.Id, "t", "m", "c", DiagnosticSeverity.Info, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Check, SymbolKind.Method);
    }

    private static void Check(SymbolAnalysisContext context)
    {
        foreach (IParameterSymbol parameter in ((IMethodSymbol)context.Symbol).Parameters)
        {
            string? contract = parameter.Name switch
            {
                "retained" => "KernelRetains(Until.Completion)",
                "released" => "Releases",
                "locked" => "PageLocked",
                "registered" => "Registered(Index = \"i\")",
                "broken" => "Releases(",
                "none" => "",
                _ => null,
            };
            if (contract is null || parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name
                is "KernelRetainsAttribute" or "ReleasesAttribute" or "PageLockedAttribute"
                    or "RegisteredAttribute"))
            {
                continue;
            }
            ImmutableDictionary<string, string?> properties = contract.Length == 0
                ? ImmutableDictionary<string, string?>.Empty
                : ImmutableDictionary<string, string?>.Empty.Add(AddContract.Property, contract);
            context.ReportDiagnostic(Diagnostic.Create(s_rule, parameter.Locations[0], properties));
        }
    }
}
