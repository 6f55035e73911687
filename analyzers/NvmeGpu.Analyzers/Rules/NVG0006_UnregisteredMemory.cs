using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0006: a fixed-buffer operation is given memory that no ring has registered, the index of another
/// region, or a length beyond the region. This is the local form: everything that it speaks about stands in
/// one method.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnregisteredMemory : DiagnosticAnalyzer
{
    public const string Id = "NVG0006";

    private const string Title = "Memory that is not registered in a fixed-buffer operation";

    private const string Description = "A fixed-buffer operation names its buffer twice: by index in the "
        + "ring's table and by address. The kernel refuses an address outside of the indexed buffer, and "
        + "writes wherever inside it the address and the length say.";

    private static readonly string s_page = RuleDocumentation.PageOf(Id);

    private static readonly DiagnosticDescriptor s_notRegistered = new(
        Id,
        Title,
        "'{0}' needs memory from the ring's buffer table, but {1} is registered with no ring, so the kernel "
            + "refuses the operation or uses whatever buffer has that index: register the memory and pass "
            + "the region's own address",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_otherIndex = new(
        Id,
        Title,
        "'{0}' is the index of '{1}', but the address is that of '{2}', so the kernel refuses the operation "
            + "or uses the wrong buffer: take the address and the index from the same region",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_tooLong = new(
        Id,
        Title,
        "The operation asks for {0} bytes, but the region '{1}' has {2}, so the kernel would write over "
            + "what lies behind it: ask for no more than the region's length",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_notRegistered, s_otherIndex, s_tooLong);

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

    /// <summary>
    /// The check of one compilation; holds what was looked up at its start, and nothing that changes.
    /// </summary>
    private sealed class Check(ContractSymbols contracts, KnownTypes known)
    {
        private readonly OriginReader _origins = new(known, contracts);
        private readonly EscapeCheck _escapes = new(known, contracts);
        private readonly RegionIdentity _regions = new(contracts);

        public void Run(OperationBlockAnalysisContext context, IOperation body, ContractSite site)
        {
            if (contracts.RegistrationOf(site.Target) is not { } contract)
            {
                return;
            }
            foreach (IOperation value in OffendingValues.BranchesOf(site.Value))
            {
                MemoryOrigin origin = site.IsByReference ? _origins.OfLocation(value)
                    : known.IsSpan(value.Type) ? _origins.OfSpan(value)
                    : _origins.OfAddress(value);
                if (IsNotRegistered(origin, value))
                {
                    Report(context, s_notRegistered, value, site.Target.Name, origin.Description);
                }
            }
            if (_regions.RegisteredMember(site.Value) is { Instance: { } region } address)
            {
                RegisteredContract source = contracts.RegistrationOf(address.Member)!;
                CheckIndex(context, site.Sibling(contract.Index), contract, source, region);
                CheckLength(context, site.Sibling(contract.Length), source, region);
            }
        }

        /// <summary>
        /// Movable memory cannot be registered at all; other memory could be, by somebody who knows of it.
        /// </summary>
        private bool IsNotRegistered(MemoryOrigin origin, IOperation value) => origin.Kind switch
        {
            MemoryKind.Movable or MemoryKind.HandleNumber => true,
            MemoryKind.Native or MemoryKind.Stack or MemoryKind.Pinned or MemoryKind.FreshOwner =>
                !_escapes.Escapes(origin, value),
            _ => false,
        };

        private static void CheckIndex(
            OperationBlockAnalysisContext context,
            IOperation? index,
            RegisteredContract contract,
            RegisteredContract source,
            IOperation region)
        {
            if (index is not null
                && source.Index is not null
                && RegionIdentity.NamedMember(index, source.Index) is { Instance: { } other } member
                && SymbolEqualityComparer.Default.Equals(other.Type, region.Type)
                && RegionIdentity.AreDifferent(other, region))
            {
                Report(
                    context,
                    s_otherIndex,
                    index,
                    contract.Index!,
                    other.Syntax.ToString(),
                    region.Syntax.ToString());
            }
        }

        private static void CheckLength(
            OperationBlockAnalysisContext context,
            IOperation? length,
            RegisteredContract source,
            IOperation region)
        {
            if (length is not null
                && source.Length is not null
                && RegionIdentity.ConstantOf(length) is { } asked
                && RegionIdentity.ConstantLength(region, source.Length) is { } available
                && asked > available)
            {
                Report(context, s_tooLong, length, asked, region.Syntax.ToString(), available);
            }
        }

        private static void Report(
            OperationBlockAnalysisContext context,
            DiagnosticDescriptor rule,
            IOperation at,
            params object[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, at.Syntax.GetLocation(), arguments));
    }
}
