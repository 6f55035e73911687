using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;
using NvmeGpu.Analyzers.Rings;
using NvmeGpu.Analyzers.Teardown;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0018: memory that a ring knows is released, and only then the ring is closed or its buffers are
/// unregistered: in one method, or in the teardown of a class.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FreedBeforeRing : DiagnosticAnalyzer
{
    public const string Id = "NVG0018";

    private static readonly DiagnosticDescriptor s_rule = new(
        Id,
        "Memory is freed before its ring lets go of it",
        "'{0}' is released here, but '{1}' still knows it: operations that are in flight then write into "
            + "memory of somebody else; close the ring, or unregister the memory, first",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A ring has the memory that it was given until the completion of the operation, and "
            + "registered memory until it is unregistered. A teardown that frees first is a race that is "
            + "lost under load.",
        helpLinkUri: RuleDocumentation.PageOf(Id));

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_rule);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is not { } contracts)
            {
                return;
            }
            var lending = new LendingReader(contracts);
            var releases = new MemoryRelease(KnownTypes.Of(start.Compilation), contracts);
            var order = new ReleaseOrder(releases, lending);
            BlockGate.Register(
                start,
                contracts,
                operation => RingClosing.RingClosedBy(operation) is not null,
                block => CheckMethod(block, lending, order));
            start.RegisterSymbolStart(contracts, type =>
                CheckType(type, lending, order), SymbolKind.NamedType);
        });
    }

    /// <summary>
    /// Memory of the method's own that it has registered. What one operation has is NVG0003's in a method.
    /// </summary>
    private static void CheckMethod(
        OperationBlockAnalysisContext context,
        LendingReader lending,
        ReleaseOrder order)
    {
        foreach (IOperation body in context.OperationBlocks.Where(IsBody))
        {
            LentMemory[] registered = [.. lending.Read(body).Where(lent => lent.IsRegistered)];
            if (registered.Length == 0)
            {
                continue;
            }
            foreach (EarlyRelease early in order.Find(body, context.GetControlFlowGraph(body)))
            {
                if (early.Memory is not IFieldSymbol
                    && registered.Any(lent => Same(lent.Memory, early.Memory) && Same(lent.Ring, early.Ring)
                        && IsRegisteredBefore(body, lent, early)))
                {
                    context.ReportDiagnostic(Report(early));
                }
            }
        }
    }

    /// <summary>
    /// Fields of a class that has a ring: what any method lends, and its Dispose or finalizer releases.
    /// </summary>
    private static void CheckType(
        SymbolStartAnalysisContext context,
        LendingReader lending,
        ReleaseOrder order)
    {
        if (!((INamedTypeSymbol)context.Symbol).GetMembers().Any(IsRingField))
        {
            return;
        }
        // Filled while the members are analysed, perhaps at the same time; read at the end of the type.
        var lent = new ConcurrentBag<(LentMemory Memory, bool IsWaitedFor)>();
        var registeredLists = new ConcurrentBag<(ISymbol List, ISymbol? Ring)>();
        var releases = new ConcurrentBag<EarlyRelease>();
        context.RegisterOperationBlockAction(block =>
        {
            foreach (IOperation body in block.OperationBlocks.Where(IsBody))
            {
                bool? mayWait = null;
                foreach (LentMemory memory in lending.Read(body).Where(one => one.Memory is IFieldSymbol))
                {
                    lent.Add((memory, mayWait ??= lending.MayWait(body)));
                }
                foreach ((IOperation _, ISymbol list, ISymbol? ring) in LendingReader.Registrations(body))
                {
                    registeredLists.Add((list, ring));
                }
                if (!IsTeardown(block.OwningSymbol))
                {
                    continue;
                }
                foreach (EarlyRelease early in order.Find(body, block.GetControlFlowGraph(body)))
                {
                    if (early.Memory is IFieldSymbol { DeclaredAccessibility: Accessibility.Private })
                    {
                        releases.Add(early);
                    }
                }
            }
        });
        context.RegisterSymbolEndAction(end =>
        {
            foreach (EarlyRelease early in releases)
            {
                if (lent.Any(one => Same(one.Memory.Memory, early.Memory)
                    && Applies(one.Memory, one.IsWaitedFor, early)))
                {
                    end.ReportDiagnostic(Report(early));
                }
            }
        });

        bool Applies(LentMemory memory, bool isWaitedFor, EarlyRelease early)
        {
            (ISymbol List, ISymbol? Ring)[] lists = memory.List is IFieldSymbol list
                ? [.. registeredLists.Where(registered => Same(registered.List, list))]
                : [];
            ISymbol? ring = memory.Ring ?? (lists.Length > 0 ? lists[0].Ring : null);
            bool isOfRing = ring is null || Same(ring, early.Ring);
            return isOfRing
                && (memory.IsRegistered || lists.Length > 0 || (!isWaitedFor && !early.MayHaveWaited));
        }
    }

    /// <summary>
    /// The registration stands before the release, and the release is not what is done when it has failed (or
    /// at all only on a condition about it).
    /// </summary>
    private static bool IsRegisteredBefore(IOperation body, LentMemory lent, EarlyRelease early)
    {
        foreach ((IOperation call, ISymbol list, ISymbol? _) in LendingReader.Registrations(body))
        {
            if (Same(list, lent.List) && call.Syntax.SpanStart < early.Call.SpanStart)
            {
                return !OutcomeCondition.IsAround(body, early.Call, call);
            }
        }
        return false;
    }

    private static Diagnostic Report(EarlyRelease early) =>
        Diagnostic.Create(s_rule, early.Call.GetLocation(), early.Memory.Name, early.Ring.Name);

    private static bool IsBody(IOperation block) => block.Kind is OperationKind.Block;

    private static bool IsRingField(ISymbol member) => member is IFieldSymbol { Type: var type }
        && (RingCall.IsRing(type) || RingIdentity.IsOwnedRing(type));

    private static bool IsTeardown(ISymbol member) => member is IMethodSymbol
    {
        Name: "Dispose" or "DisposeAsync" or "DisposeCore" or "DisposeAsyncCore" or "Close",
    } or IMethodSymbol { MethodKind: MethodKind.Destructor }
        || member.Name.EndsWith(".Dispose") || member.Name.EndsWith(".DisposeAsync");

    private static bool Same(ISymbol? left, ISymbol? right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
