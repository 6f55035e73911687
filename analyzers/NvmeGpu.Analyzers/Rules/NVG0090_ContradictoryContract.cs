using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0090, the half about declarations: a contract names a sibling that does not exist, stands on a value
/// that is no address, or differs from that of the method which is overridden or implemented.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContradictoryContract : DiagnosticAnalyzer
{
    public const string Id = "NVG0090";

    private const string Title = "Contract annotation missing or contradictory";

    private const string Description =
        "The rules believe what the contracts say. One that says too little, or "
        + "something that cannot be, makes them silent where they should speak.";

    // One rule in two halves: ContractMissing is the other.
#pragma warning disable RS1019
    private static readonly DiagnosticDescriptor s_noSibling = new(
        Id,
        Title,
        "'{0}' of [{1}] is to name a parameter, field or property beside '{2}', but there is no '{3}': "
            + "correct the name, best with nameof",
        RuleDocumentation.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    private static readonly DiagnosticDescriptor s_noAddress = new(
        Id,
        Title,
        "[{0}] says that the address in '{1}' is kept, but a value of type '{2}' is no address: put it "
            + "on the parameter or field with the address, or use a pointer, nint or ulong",
        RuleDocumentation.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    private static readonly DiagnosticDescriptor s_other = new(
        Id,
        Title,
        "[{0}] on '{1}' is not what '{2}' says about this parameter, so callers go by the one or the "
            + "other as they know the object: give both the same contract",
        RuleDocumentation.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

#pragma warning restore RS1019

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_noSibling, s_noAddress, s_other);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                start.RegisterSymbols(contracts,
                    symbol => Check(symbol, contracts),
                    SymbolKind.Method, SymbolKind.Field, SymbolKind.Property, SymbolKind.NamedType);
            }
        });
    }

    private static void Check(SymbolAnalysisContext context, ContractSymbols contracts)
    {
        switch (context.Symbol)
        {
            case IMethodSymbol { PartialDefinitionPart: null } method:
                CheckParameters(context, method.Parameters, contracts);
                foreach (AttributeData attribute in contracts.ContractsOfResult(method))
                {
                    CheckSiblings(context, method, attribute);
                }
                CheckAgainstBase(context, method, contracts);
                break;
            case INamedTypeSymbol { DelegateInvokeMethod: { } call }:
                CheckParameters(context, call.Parameters, contracts);
                break;
            case IFieldSymbol or IPropertySymbol:
                CheckOne(context, context.Symbol, contracts);
                break;
        }
    }

    private static void CheckParameters(
        SymbolAnalysisContext context,
        ImmutableArray<IParameterSymbol> parameters,
        ContractSymbols contracts)
    {
        foreach (IParameterSymbol parameter in parameters)
        {
            CheckOne(context, parameter, contracts);
        }
    }

    private static void CheckOne(SymbolAnalysisContext context, ISymbol symbol, ContractSymbols contracts)
    {
        foreach (AttributeData attribute in contracts.ContractsOf(symbol))
        {
            CheckSiblings(context, symbol, attribute);
            if (attribute.AttributeClass?.Name == ContractNames.KernelRetains
                && ContractShape.ValueType(symbol) is { } type
                && ContractShape.IsNoAddress(type)
                && contracts.RetainsOf(symbol) is { IsOpaque: false })
            {
                Report(context, s_noAddress, attribute, ContractShape.Name(attribute), symbol.Name,
                    type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
            }
        }
    }

    private static void CheckSiblings(SymbolAnalysisContext context, ISymbol symbol, AttributeData attribute)
    {
        foreach ((string key, string name) in ContractShape.NamedSiblings(attribute))
        {
            if (!ContractShape.HasSibling(symbol, name))
            {
                Report(
                    context, s_noSibling, attribute, key, ContractShape.Name(attribute), symbol.Name, name);
            }
        }
    }

    private static void CheckAgainstBase(
        SymbolAnalysisContext context,
        IMethodSymbol method,
        ContractSymbols contracts)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            IEnumerable<AttributeData> demands =
                contracts.ContractsOf(parameter).Where(ContractShape.IsDemand);
            foreach (AttributeData attribute in demands)
            {
                IMethodSymbol? other = ContractShape.BasesOf(method).FirstOrDefault(
                    basis => contracts.MayCarryContracts(basis)
                        && basis.Parameters.Length == method.Parameters.Length
                        && !ContractShape.AreEqual(
                            attribute,
                            contracts.ContractOf(
                                basis.Parameters[parameter.Ordinal], attribute.AttributeClass!.Name)));
                if (other is not null)
                {
                    Report(context, s_other, attribute, ContractShape.Name(attribute), parameter.Name,
                        other.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
                }
            }
        }
    }

    private static void Report(
        SymbolAnalysisContext context,
        DiagnosticDescriptor rule,
        AttributeData attribute,
        params object[] arguments)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is { } syntax)
        {
            context.ReportDiagnostic(Diagnostic.Create(rule, syntax.GetLocation(), arguments));
        }
    }
}
