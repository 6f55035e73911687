using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// The compiler runs one analyzer object on all its threads and for several compilations: nothing in it may
/// change. What one callback builds up it may change, so this asks only about what lives longer.
/// </summary>
public sealed class AnalyzerStateTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Names =>
        [.. RuleCompletenessTests.Analyzers().Select(rule => rule.GetType().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_analyzer_has_no_state_that_changes(string name)
    {
        Type analyzer = RuleCompletenessTests.Analyzers().Single(rule => rule.GetType().Name == name)
            .GetType();
        Assert.All(
            analyzer.GetFields(All),
            field => Assert.True(IsConstant(field), $"{name}.{field.Name} can change."));
    }

    [Fact]
    public void No_class_of_the_assembly_has_static_state_that_changes() => Assert.All(
        typeof(MovableMemory).Assembly.GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .SelectMany(type => type.GetFields(All))
            .Where(field => field.IsStatic && !field.DeclaringType!.IsEnum),
        field => Assert.True(IsConstant(field), $"{field.DeclaringType}.{field.Name} can change."));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_analyzer_runs_concurrently_and_leaves_generated_code_alone(string name)
    {
        DiagnosticAnalyzer rule = RuleCompletenessTests.Analyzers().Single(one => one.GetType().Name == name);
        var context = new Recorder();
        rule.Initialize(context);
        Assert.True(context.IsConcurrent, $"{name} does not enable concurrent execution.");
        Assert.Equal(GeneratedCodeAnalysisFlags.None, context.GeneratedCode);
        // All else waits for the look-up of the contracts, so code without the library costs nothing.
        Assert.Equal(["RegisterCompilationStartAction"], context.Registered);
    }

    [Theory]
    [InlineData(nameof(Examples.Text), true)]
    [InlineData(nameof(Examples.Names), true)]
    [InlineData(nameof(Examples.Count), false)]
    [InlineData(nameof(Examples.List), false)]
    [InlineData(nameof(Examples.Array), false)]
    public void Constant_means_readonly_and_of_an_immutable_type(string field, bool isConstant) =>
        Assert.Equal(isConstant, IsConstant(typeof(Examples).GetField(field, All)!));

    private static bool IsConstant(FieldInfo field) =>
        field.IsLiteral || (field.IsInitOnly && IsImmutable(field.FieldType));

    private static bool IsImmutable(Type type) =>
        type.IsPrimitive
        || type.IsEnum
        || type == typeof(string)
        || type == typeof(DiagnosticDescriptor)
        // What was looked up in a compilation or a method, for as long as that lives: the same for whoever
        // looks again.
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ConditionalWeakTable<,>)
            && (type.GetGenericArguments()[0] == typeof(Compilation)
                || type.GetGenericArguments()[0] == typeof(IOperation)))
        || (type.Namespace == typeof(ImmutableArray).Namespace
            && type.Name.StartsWith("Immutable", StringComparison.Ordinal)
            && !type.Name.Contains("Builder", StringComparison.Ordinal))
        // What the compiler hands out (symbols, operations, syntax) never changes.
        || type == typeof(SyntaxNode)
        || (type.IsInterface && type.Assembly == typeof(IOperation).Assembly)
        // A class of our own is constant when all of its fields are.
        || (type.Assembly == typeof(MovableMemory).Assembly
            && type.GetFields(All).Where(field => !field.IsStatic).All(
                field => field.FieldType == type ? field.IsInitOnly : IsConstant(field)));

    private static class Examples
    {
        public static readonly string Text = "a";
        public static readonly ImmutableArray<string> Names = [];
        public static int Count = 1;
        public static readonly List<string> List = [];
        public static readonly string[] Array = [];
    }

    /// <summary>Writes down what an analyzer asks for at first.</summary>
    private sealed class Recorder : AnalysisContext
    {
        public List<string> Registered { get; } = [];
        public bool IsConcurrent { get; private set; }
        public GeneratedCodeAnalysisFlags? GeneratedCode { get; private set; }

        public override void EnableConcurrentExecution() => IsConcurrent = true;

        public override void ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags analysisMode) =>
            GeneratedCode = analysisMode;

        public override void RegisterCompilationStartAction(Action<CompilationStartAnalysisContext> action) =>
            Note();

        public override void RegisterCompilationAction(Action<CompilationAnalysisContext> action) => Note();

        public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) =>
            Note();

        public override void RegisterSymbolAction(
            Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) => Note();

        public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
            Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => Note();

        public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => Note();

        public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => Note();

        public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
            Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
            Note();

        private void Note([CallerMemberName] string name = "") => Registered.Add(name);
    }
}
