using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Rings;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0013: a ring of one thread is used after an <c>await</c>, or in a function that another thread runs.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SingleIssuer : DiagnosticAnalyzer
{
    public const string Id = "NVG0013";

    private const string Title = "A ring of one thread is used on another";

    private const string Description = "A ring that was made for a single issuer belongs to the thread that "
        + "made it (or used it first). The kernel refuses a submission from any other thread, and the "
        + "library throws before it comes to that.";

    private static readonly DiagnosticDescriptor s_afterAwait = new(
        Id,
        Title,
        "'{0}' belongs to the thread that made it or used it first, but after an 'await' this may run on "
            + "another one: use UringStream, which has a thread of its own, or do not await between two uses",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    private static readonly DiagnosticDescriptor s_otherThread = new(
        Id,
        Title,
        "'{0}' belongs to the thread that made it or used it first, but this function runs on another one: "
            + "make the ring inside it, or with BindOnFirstUse and use it nowhere else",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_afterAwait, s_otherThread);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                BlockGate.Register(
                    start,
                    contracts,
                    SingleIssuerEvents.IsOfInterest,
                    Check);
            }
        });
    }

    private static void Check(OperationBlockAnalysisContext context)
    {
        if (!context.OperationBlocks.Any(MayChangeThread))
        {
            return;
        }
        SingleIssuerEvents events = SingleIssuerEvents.Read(context.OperationBlocks);
        var walk = new Walk(events);
        foreach (IOperation block in context.OperationBlocks)
        {
            if (block.Kind is OperationKind.Block or OperationKind.FieldInitializer
                or OperationKind.PropertyInitializer)
            {
                foreach (ControlFlowGraph graph in FlowGraphs.AllOf(context.GetControlFlowGraph(block)))
                {
                    walk.Run(graph);
                }
            }
        }
        foreach (KeyValuePair<SyntaxNode, ISymbol> found in walk.AfterAwait)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(s_afterAwait, found.Key.GetLocation(), found.Value.Name));
        }
        foreach (KeyValuePair<SyntaxNode, ISymbol> found in walk.OnOtherThread)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(s_otherThread, found.Key.GetLocation(), found.Value.Name));
        }
    }

    private static bool MayChangeThread(IOperation block)
    {
        foreach (IOperation operation in block.Parts())
        {
            bool changes = operation.Kind switch
            {
                OperationKind.Await or OperationKind.DelegateCreation => true,
                OperationKind.Loop => operation is IForEachLoopOperation { IsAsynchronous: true },
                OperationKind.Using => operation is IUsingOperation { IsAsynchronous: true },
                OperationKind.UsingDeclaration =>
                    operation is IUsingDeclarationOperation { IsAsynchronous: true },
                _ => false,
            };
            if (changes)
            {
                return true;
            }
        }
        return false;
    }

    private sealed class Walk(SingleIssuerEvents events)
    {
        private const byte Here = 1;
        private const byte Elsewhere = 2;
        private const byte GivenAway = 4;

        public Dictionary<SyntaxNode, ISymbol> AfterAwait { get; } = [];

        public Dictionary<SyntaxNode, ISymbol> OnOtherThread { get; } = [];

        public void Run(ControlFlowGraph graph)
        {
            Dictionary<ISymbol, byte>?[]? entries = ForwardPass<ISymbol>.Run(
                graph,
                SymbolEqualityComparer.Default,
                (operation, facts) => Step(operation, facts, isFinal: false));
            foreach (BasicBlock block in entries is null ? [] : graph.Blocks)
            {
                if (entries![block.Ordinal] is { } entry)
                {
                    var facts = new Dictionary<ISymbol, byte>(entry, SymbolEqualityComparer.Default);
                    foreach (IOperation operation in FlowGraphs.OperationsOf(block))
                    {
                        Step(operation, facts, isFinal: true);
                    }
                }
            }
        }

        private void Step(IOperation statement, Dictionary<ISymbol, byte> facts, bool isFinal)
        {
            foreach (IOperation operation in EvaluationOrder.Of(statement))
            {
                if (operation is IAwaitOperation)
                {
                    foreach (ISymbol ring in facts.Keys.ToArray())
                    {
                        byte known = facts[ring];
                        int moved = (known & Here) != 0 ? Elsewhere : 0;
                        facts[ring] = (byte)((known & ~Here) | moved);
                    }
                }
                else if (events.TryGet(operation, out RingEvent happening))
                {
                    Happen(operation, happening, facts, isFinal);
                }
                else if (events.OnOtherThreads.TryGetValue(operation.Syntax, out IOperation function)
                    && operation is IDelegateCreationOperation)
                {
                    HandOver(function, facts, isFinal);
                }
            }
        }

        private void Happen(
            IOperation operation,
            RingEvent happening,
            Dictionary<ISymbol, byte> facts,
            bool isFinal)
        {
            facts.TryGetValue(happening.Ring, out byte known);
            switch (happening.Kind)
            {
                case RingEventKind.Assigned:
                    facts[happening.Ring] = 0;
                    break;
                case RingEventKind.Made:
                    facts[happening.Ring] = Here;
                    break;
                default:
                    if (isFinal && (known & Elsewhere) != 0)
                    {
                        AfterAwait[operation.Syntax] = happening.Ring;
                    }
                    if (isFinal && (known & GivenAway) != 0)
                    {
                        ReportInside(happening.Ring);
                    }
                    if (happening.Kind == RingEventKind.Used && (known & Elsewhere) == 0)
                    {
                        facts[happening.Ring] = (byte)(known | Here);
                    }
                    break;
            }
        }

        private void HandOver(IOperation function, Dictionary<ISymbol, byte> facts, bool isFinal)
        {
            foreach ((SyntaxNode use, ISymbol ring) in events.UsesIn(function))
            {
                facts.TryGetValue(ring, out byte known);
                if (isFinal && (known & (Here | Elsewhere)) != 0)
                {
                    OnOtherThread[use] = ring;
                }
                facts[ring] = (byte)(known | GivenAway);
            }
        }

        /// <summary>The ring is used here after it was given to another thread.</summary>
        private void ReportInside(ISymbol usedHere)
        {
            foreach (IOperation function in events.OnOtherThreads.Values)
            {
                foreach ((SyntaxNode use, ISymbol ring) in events.UsesIn(function))
                {
                    if (SymbolEqualityComparer.Default.Equals(ring, usedHere))
                    {
                        OnOtherThread[use] = ring;
                    }
                }
            }
        }
    }
}
