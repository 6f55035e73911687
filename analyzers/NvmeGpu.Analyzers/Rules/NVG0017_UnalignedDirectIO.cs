using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0017: a constant that must be a multiple of a block is none: given to an <c>[Aligned]</c> parameter or
/// field, or as length or position of a transfer on a file that is opened with O_DIRECT.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnalignedDirectIO : DiagnosticAnalyzer
{
    public const string Id = "NVG0017";

    private const string Title = "Direct I/O with a constant that is not aligned";

    private const string Description = "Direct I/O goes to the device in whole logical blocks: address, "
        + "length and position must be multiples of the block, 512 bytes at least. The kernel answers "
        + "anything "
        + "else with EINVAL, and some filesystems only on some devices.";

    /// <summary>The smallest logical block there is; a device may want 4096.</summary>
    private const int SmallestBlock = 512;

    private static readonly DiagnosticDescriptor s_contract = new(
        Id,
        Title,
        "'{0}' must be a multiple of {1}, and {2} is none: round it to the block",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    private static readonly DiagnosticDescriptor s_direct = new(
        Id,
        Title,
        "'{0}' of direct I/O must be a multiple of the device's block, 512 bytes at least, and {1} is none, "
            + "so the kernel answers EINVAL: round it to the block, or open the file without O_DIRECT",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_contract, s_direct);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                ContractSites.Register(start, contracts, (block, _, site) => Check(block, site, contracts));
                start.RegisterBlocks(contracts, block => CheckProperties(block, contracts));
            }
        });
    }

    private static void Check(
        OperationBlockAnalysisContext context, ContractSite site, ContractSymbols contracts)
    {
        CheckMultiple(context, contracts, site.Target, site.Value);
        if (contracts.RetainsOf(site.Target) is not { Until: Retention.Completion } transfer
            || (transfer.Length ?? transfer.Offset) is null
            || (site.Sibling("fd") ?? site.Sibling("file")) is not { } descriptor
            || !DirectFile.IsOpenedDirect(descriptor))
        {
            return;
        }
        foreach (string? name in new[] { transfer.Length, transfer.Offset })
        {
            // Position -1 means "where the file stands".
            if (name is not null && site.Sibling(name) is { } given
                && RegionIdentity.ConstantOf(given) is { } number and not -1
                && number % SmallestBlock != 0)
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(s_direct, given.Syntax.GetLocation(), name, number));
            }
        }
    }

    private static void CheckProperties(OperationBlockAnalysisContext context, ContractSymbols contracts)
    {
        foreach (IOperation body in context.OperationBlocks)
        {
            foreach (IOperation operation in body.Givings())
            {
                if (operation is ISimpleAssignmentOperation
                    {
                        Target: IPropertyReferenceOperation { Property: var property },
                        Value: var value,
                    })
                {
                    CheckMultiple(context, contracts, property, value);
                }
            }
        }
    }

    private static void CheckMultiple(
        OperationBlockAnalysisContext context,
        ContractSymbols contracts,
        ISymbol target,
        IOperation value)
    {
        if (contracts.AlignmentOf(target) is > 1 and var alignment
            && RegionIdentity.ConstantOf(value) is { } number
            && number % alignment != 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_contract, value.Syntax.GetLocation(), target.Name, alignment, number));
        }
    }
}
