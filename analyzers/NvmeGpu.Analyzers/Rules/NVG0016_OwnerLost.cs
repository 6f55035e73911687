using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0016: the address of an owner with a finalizer goes to the kernel, and nothing refers to the owner
/// afterwards, so the collector may finalize it meanwhile.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnerLost : DiagnosticAnalyzer
{
    public const string Id = "NVG0016";

    /// <summary>Name of the owner, in the properties of a diagnostic, for the fix.</summary>
    public const string OwnerProperty = "owner";

    private static readonly DiagnosticDescriptor s_rule = new(
        Id,
        "Address of an owner that may be finalized meanwhile",
        "Nothing refers to '{0}' after its address was given to '{1}', so the garbage collector may finalize "
            + "it while the address is in use: dispose it afterwards ('using'), keep it in a field, or call "
            + "'GC.KeepAlive({0})' when the operation is over",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An object lives until its last use, not until the end of its block. An address that "
            + "was copied out of it is no use: the finalizer can free the memory while the kernel uses it.",
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
                var addresses = new OwnedAddress(KnownTypes.Of(start.Compilation), contracts);
                ContractSites.Register(start, contracts, new Check(contracts, addresses).Run);
            }
        });
    }

    /// <summary>The check of one compilation; holds what was looked up at its start.</summary>
    private sealed class Check(ContractSymbols contracts, OwnedAddress addresses)
    {
        public void Run(OperationBlockAnalysisContext context, IOperation body, ContractSite site)
        {
            if (LostAt(site) is not var (taking, owner) || MayBeKept(owner, taking))
            {
                return;
            }
            ControlFlowGraph graph = context.GetControlFlowGraph(body);
            if (!IsReferredToAfter(site.Operation, graph, owner)
                && !IsSaidElsewhere(site.Operation, graph, taking, owner))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule,
                    taking.Syntax.GetLocation(),
                    ImmutableDictionary<string, string?>.Empty.Add(OwnerProperty, owner.Name),
                    owner.Name,
                    site.Target.ContainingSymbol is IMethodSymbol called ? called.Name : site.Target.Name));
            }
        }

        /// <summary>The owner whose address is handed over here to somebody who goes on using it.</summary>
        private (IOperation Taking, ILocalSymbol Owner)? LostAt(ContractSite site)
        {
            bool isUsedOn = !site.IsByReference
                && (contracts.RetentionOf(site.Target) is not null
                    || contracts.RegistrationOf(site.Target) is not null
                    || (site.Target.ContainingSymbol is IMethodSymbol method && contracts.MayBlock(method)));
            foreach (IOperation value in isUsedOn ? OffendingValues.BranchesOf(site.Value) : [])
            {
                if (addresses.Of(value) is { } lost)
                {
                    return lost;
                }
            }
            return null;
        }

        /// <summary>An address in a local can be handed over twice: the first place speaks for all.</summary>
        private bool IsSaidElsewhere(
            IOperation here,
            ControlFlowGraph graph,
            IOperation taking,
            ILocalSymbol owner)
        {
            foreach (IOperation operation in LocalValue.Root(here).Givings())
            {
                if (operation.Syntax.SpanStart < here.Syntax.SpanStart
                    && ContractSite.TryFrom(operation, out ContractSite site)
                    && LostAt(site) is { } other
                    && other.Taking.Syntax == taking.Syntax
                    && !IsReferredToAfter(operation, graph, owner))
                {
                    return true;
                }
            }
            return false;
        }
    }

    private static bool IsReferredToAfter(IOperation site, ControlFlowGraph graph, ILocalSymbol owner)
    {
        // After the whole call, or the statement around an initialiser: the other parts are evaluated before.
        IOperation whole = site is IArgumentOperation { Parent: { } call } ? call : site;
        while (whole.Parent is { } outer && (IsInInitializer(whole)
            || whole is not (IExpressionStatementOperation or IVariableDeclaratorOperation
                or ISimpleAssignmentOperation or IInvocationOperation)))
        {
            whole = outer;
        }
        return Reach.IsAnyAfter(
            graph,
            whole.Syntax,
            operation => Refers(operation, owner),
            operation => operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target }
                && Same(target.Local, owner));
    }

    private static bool IsInInitializer(IOperation operation)
    {
        for (IOperation? outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IObjectOrCollectionInitializerOperation or IArrayInitializerOperation)
            {
                return true;
            }
            if (outer is IExpressionStatementOperation or IVariableDeclaratorOperation or IBlockOperation)
            {
                return false;
            }
        }
        return false;
    }

    /// <summary>
    /// Somebody else may have the owner: it is captured, stored, returned, or an argument. What remains is
    /// calls and properties of its own that are given no other object.
    /// </summary>
    private static bool MayBeKept(ILocalSymbol owner, IOperation anywhereInMethod)
    {
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).LocalUses())
        {
            if (operation is ILocalReferenceOperation reference && Same(reference.Local, owner)
                && (IsCaptured(reference, owner) || !IsPlainUse(reference)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsPlainUse(ILocalReferenceOperation reference)
    {
        switch (reference.Parent)
        {
            case IPropertyReferenceOperation property:
                return property.Instance == reference;
            case IInvocationOperation call when call.Instance == reference:
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (argument.Value.Type is not ({ IsValueType: true }
                        or { SpecialType: SpecialType.System_String } or IPointerTypeSymbol))
                    {
                        return false;
                    }
                }
                return call.Type is null or { IsReferenceType: false }
                    or { SpecialType: SpecialType.System_String };
            case ISimpleAssignmentOperation assignment:
                return assignment.Target == reference;
            case IConversionOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } }:
                return IsKeepAlive(call.TargetMethod);
            case IArgumentOperation { Parent: IInvocationOperation call }:
                return IsKeepAlive(call.TargetMethod);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals }
                or IIsPatternOperation:
                return true;
            default:
                return false;
        }
    }

    /// <summary>GC.KeepAlive keeps it up to there, and no longer.</summary>
    private static bool IsKeepAlive(IMethodSymbol method) =>
        method is { Name: "KeepAlive", ContainingType.Name: "GC" } && method.IsInSystem();

    private static bool IsCaptured(IOperation reference, ILocalSymbol owner)
    {
        for (IOperation? outer = reference.Parent; outer is not null; outer = outer.Parent)
        {
            ISymbol? function = outer switch
            {
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                ILocalFunctionOperation local => local.Symbol,
                _ => null,
            };
            if (function is not null)
            {
                return !Same(function, owner.ContainingSymbol);
            }
        }
        return false;
    }

    private static bool Refers(IOperation operation, ILocalSymbol owner) =>
        operation is ILocalReferenceOperation reference && Same(reference.Local, owner)
        && !(reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference);

    private static bool Same(ISymbol? left, ISymbol? right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
