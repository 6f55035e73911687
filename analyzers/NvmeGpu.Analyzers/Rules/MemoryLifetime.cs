using System;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// The rules that follow memory through a method: NVG0001, NVG0002, NVG0003, NVG0004, NVG0008, and halves of
/// NVG0019 and NVG0090. They share one run over the control flow graph of each body.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MemoryLifetime : DiagnosticAnalyzer
{
    private const string ExceptionPathsOption = "nvmegpu.exception_paths";

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(
        PinnedLeft.Must,
        PinnedLeft.May,
        StackLeft.Must,
        StackLeft.May,
        ReleasedInFlight.Must,
        ReleasedInFlight.May,
        TouchedInFlight.Must,
        TouchedInFlight.May,
        UsedAfterRelease.Must,
        UsedAfterRelease.May,
        ReusedBeforeEvent.Must,
        ReusedBeforeEvent.May,
        ContractMissing.Missing);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                var types = new FlowTypes(KnownTypes.Of(start.Compilation), contracts);
                var gate = new FlowGate(types, contracts);
                start.RegisterBlocks(contracts, bodies => Check(bodies, gate, types, contracts));
            }
        });
    }

    private static void Check(
        OperationBlockAnalysisContext bodies,
        FlowGate gate,
        FlowTypes types,
        ContractSymbols contracts)
    {
        if (!gate.LetsThrough(bodies.OperationBlocks))
        {
            return;
        }
        foreach (IOperation body in bodies.OperationBlocks)
        {
            // Other blocks are attribute arguments and default values, in which nothing is handed over.
            if (body.Kind is OperationKind.Block or OperationKind.MethodBody or OperationKind.ConstructorBody
                or OperationKind.FieldInitializer or OperationKind.PropertyInitializer)
            {
                bool followsExceptions = FollowsExceptions(bodies, body);
                if (followsExceptions || !new LifetimeScout(types, contracts).TryRun(body))
                {
                    new BodyCheck(bodies, types, contracts, followsExceptions).Run(
                        bodies.GetControlFlowGraph(body), bodies.OwningSymbol);
                }
            }
        }
    }

    private static bool FollowsExceptions(OperationBlockAnalysisContext bodies, IOperation body) =>
        bodies.Options.AnalyzerConfigOptionsProvider.GetOptions(body.Syntax.SyntaxTree)
            .TryGetValue(ExceptionPathsOption, out string? value)
        && value.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>One body, and the lambdas and local functions in it, each as a method of its own.</summary>
    private sealed class BodyCheck(
        OperationBlockAnalysisContext bodies,
        FlowTypes types,
        ContractSymbols contracts,
        bool followsExceptions)
    {
        private readonly CancellationToken _cancellation = bodies.CancellationToken;

        public void Run(ControlFlowGraph graph, ISymbol method)
        {
            var context = new FlowContext(graph, method, types, contracts);
            if (new FlowRun(graph, context, followsExceptions, _cancellation).Run() is { } findings)
            {
                foreach (Finding finding in findings.Result())
                {
                    bodies.ReportDiagnostic(DiagnosticOf(finding));
                }
            }
            foreach (IMethodSymbol local in graph.LocalFunctions)
            {
                Run(graph.GetLocalFunctionControlFlowGraph(local, _cancellation), local);
            }
            if (FlowGraphs.HasLambdas(graph))
            {
                foreach (IFlowAnonymousFunctionOperation lambda in FlowGraphs.LambdasOf(graph))
                {
                    Run(graph.GetAnonymousFunctionControlFlowGraph(lambda, _cancellation), lambda.Symbol);
                }
            }
        }

        private static Diagnostic DiagnosticOf(Finding finding) => finding.Kind switch
        {
            FindingKind.PinLeft => PinnedLeft.At(finding),
            FindingKind.StackLeft => StackLeft.At(finding),
            FindingKind.ReleasedInFlight => ReleasedInFlight.At(finding),
            FindingKind.TouchedInFlight => TouchedInFlight.At(finding),
            FindingKind.UsedAfterRelease => UsedAfterRelease.At(finding),
            FindingKind.ReusedBeforeEvent => ReusedBeforeEvent.At(finding),
            _ => ContractMissing.At(finding),
        };
    }
}
