using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0019, the half about what the memory is: an asynchronous copy is given host memory that nobody has
/// page-locked.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PageLockedCopies : DiagnosticAnalyzer
{
    public const string Id = "NVG0019";

    private static readonly DiagnosticDescriptor s_rule = new(
        Id,
        "Host memory of an async CUDA copy is not page-locked, or is reused before its event",
        "'{0}' is for page-locked memory, but {1} is pageable, so the copy goes through a hidden buffer and "
            + "may wait for the device: allocate with cuMemHostAlloc, or register the memory with "
            + "cuMemHostRegister before the copy",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The device reads host memory by physical address. Memory that the system may page out "
            + "is copied to a locked buffer first, by the thread that asked, and for a copy to the host "
            + "the call waits until all is done: nothing runs at the same time any more.",
        helpLinkUri: RuleDocumentation.PageOf(Id));

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_rule);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                var check = new Check(contracts, KnownTypes.Of(start.Compilation));
                ContractSites.Register(start, contracts, check.Run);
            }
        });
    }

    /// <summary>The check of one compilation; holds what was looked up at its start.</summary>
    private sealed class Check(ContractSymbols contracts, KnownTypes known)
    {
        private readonly OriginReader _origins = new(known, contracts);
        private readonly PageLockSearch _locks = new(new OriginReader(known, contracts));
        private readonly EscapeCheck _escapes = new(
            known,
            contracts,
            parameter => contracts.IsPageLocked(parameter) || contracts.RetentionOf(parameter) is not null);

        public void Run(OperationBlockAnalysisContext context, IOperation body, ContractSite site)
        {
            if (!contracts.IsPageLocked(site.Target))
            {
                return;
            }
            foreach (IOperation value in OffendingValues.BranchesOf(site.Value))
            {
                if (PageableMemory(value, site.IsByReference) is { } memory)
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        s_rule, value.Syntax.GetLocation(), site.Target.Name, memory));
                }
            }
        }

        /// <summary>The memory in words when it is certain that nobody has locked it, or null.</summary>
        private string? PageableMemory(IOperation value, bool isByReference)
        {
            MemoryOrigin origin = isByReference ? _origins.OfLocation(value)
                : known.IsSpan(value.Type) ? _origins.OfSpan(value)
                : _origins.OfAddress(value);
            switch (origin.Kind)
            {
                case MemoryKind.Stack or MemoryKind.Movable:
                    return _locks.MayLock(value, origin.Through) ? null : origin.Description;
                case MemoryKind.Native or MemoryKind.Pinned:
                    return _locks.MayLock(value, origin.Through) || _escapes.Escapes(origin, value)
                        ? null
                        : origin.Description;
                case MemoryKind.Unknown when FixedMemory.Of(value) is { } memory:
                    return _locks.MayLock(value, ImmutableArray.Create(memory.Pointer, memory.Holder))
                        || (memory.Holder is IFieldSymbol field && PageLockSearch.MayLock(field, value))
                        ? null
                        : memory.Description;
                default:
                    return null;
            }
        }
    }
}
