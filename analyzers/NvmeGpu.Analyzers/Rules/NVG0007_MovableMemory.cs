using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0007: the address of memory that the garbage collector may move reaches a parameter or field that keeps
/// it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MovableMemory : DiagnosticAnalyzer
{
    public const string Id = "NVG0007";

    private static readonly DiagnosticDescriptor s_rule = new(
        Id,
        "Movable managed memory is handed to the kernel",
        "'{0}' keeps this address until {1}, but the garbage collector may move {2}, and the transfer would "
            + "then go into other memory: use native or registered memory (GpuMappedBuffer), or an array "
            + "allocated with 'pinned: true'",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The kernel and devices know addresses, not objects. An address that is taken without "
            + "pinning is right until the next collection; a transfer that is still in flight then writes "
            + "where the object was.",
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
                var known = KnownTypes.Of(start.Compilation);
                var origins = new OriginReader(known, contracts);
                ContractSites.Register(start, contracts, (block, _, site) =>
                    Check(block, site, contracts, known, origins));
            }
        });
    }

    private static void Check(
        OperationBlockAnalysisContext context,
        ContractSite site,
        ContractSymbols contracts,
        KnownTypes known,
        OriginReader origins)
    {
        if (contracts.RetainsOf(site.Target) is not { } contract)
        {
            return;
        }
        foreach (IOperation value in OffendingValues.BranchesOf(site.Value))
        {
            MemoryOrigin origin = site.IsByReference ? origins.OfLocation(value)
                : known.IsSpan(value.Type) ? origins.OfSpan(value)
                : origins.OfAddress(value);
            if (origin.Kind == MemoryKind.Movable
                || (origin.Kind == MemoryKind.HandleNumber && !contract.IsOpaque))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule,
                    value.Syntax.GetLocation(),
                    FixableCreation(origin) is { } creation ? [creation.GetLocation()] : null,
                    site.Target.Name,
                    contract.Until.End(),
                    origin.Description));
            }
        }
    }

    /// <summary>
    /// The <c>new T[n]</c> that the code fix may replace by a pinned allocation of the same length and
    /// content: one dimension, no elements, a length that is an int, and elements without references.
    /// </summary>
    private static SyntaxNode? FixableCreation(MemoryOrigin origin)
    {
        bool isPlain = origin.Creation is IArrayCreationOperation
        {
            Syntax: ArrayCreationExpressionSyntax { Initializer: null },
            Initializer: null,
            Type: IArrayTypeSymbol { Rank: 1, ElementType.IsUnmanagedType: true },
            DimensionSizes.Length: 1,
        } creation && creation.DimensionSizes[0].Type is { SpecialType: SpecialType.System_Int32 };
        return isPlain ? origin.Creation!.Syntax : null;
    }
}
