using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0015: memory whose type has no layout that the kernel or a device could know, or values that bytes from
/// outside must not have, is handed over; or a native function with contracts is declared with such a type.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnfitElementType : DiagnosticAnalyzer
{
    public const string Id = "NVG0015";

    private const string Title =
        "A type with references, bool, char or auto layout crosses the native boundary";

    private const string Description =
        "The kernel and devices copy bytes. Bytes that land on a reference are "
        + "a wild pointer for the garbage collector; a bool has two valid values of 256; the marshaller "
        + "turns a char into one byte or two; fields with automatic layout lie where the runtime likes.";

    private static readonly DiagnosticDescriptor s_given = new(
        Id,
        Title,
        "'{0}' is given memory of type '{1}' ({2}), but the kernel and devices copy plain bytes: "
            + "use a struct of integers with a fixed layout, or bytes",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    private static readonly DiagnosticDescriptor s_declared = new(
        Id,
        Title,
        "The native function '{0}' declares '{1}' as '{2}' ({3}): declare what the C function has, a "
            + "pointer or an integer of the same size",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_given, s_declared);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                var known = KnownTypes.Of(start.Compilation);
                var elements = new ElementTypes(known, contracts);
                ContractSites.Register(start, contracts, (block, _, site) =>
                    CheckSite(block, site, contracts, elements));
                var declarations = new NativeDeclarations(start.Compilation, contracts, known);
                start.RegisterSymbols(contracts,
                    method => CheckDeclaration(method, declarations), SymbolKind.Method);
            }
        });
    }

    private static void CheckSite(
        OperationBlockAnalysisContext context,
        ContractSite site,
        ContractSymbols contracts,
        ElementTypes elements)
    {
        if (!contracts.IsGivenMemory(site.Target) || KeepsType(site))
        {
            return;
        }
        foreach (IOperation value in OffendingValues.BranchesOf(site.Value))
        {
            if (elements.FirstUnfit(value, site.IsByReference) is { } found)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_given,
                    value.Syntax.GetLocation(),
                    site.Target.Name,
                    found.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                    found.Reason));
            }
        }
    }

    /// <summary>
    /// A method of the program that takes the type by its name: what it does with which bytes of it is seen
    /// there.
    /// </summary>
    private static bool KeepsType(ContractSite site) =>
        site.Target is IParameterSymbol
        {
            Type: IPointerTypeSymbol { PointedAtType: { SpecialType: SpecialType.None } named },
            ContainingSymbol: IMethodSymbol { IsExtern: false, DeclaringSyntaxReferences.Length: > 0 },
        }
        && site.Value.WithoutConversions().Type is IPointerTypeSymbol { PointedAtType: var given }
        && SymbolEqualityComparer.Default.Equals(named, given);

    private static void CheckDeclaration(SymbolAnalysisContext context, NativeDeclarations declarations)
    {
        var method = (IMethodSymbol)context.Symbol;
        foreach ((IParameterSymbol parameter, string reason) in declarations.UnfitParameters(method))
        {
            if (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken)
                is ParameterSyntax { Type: { } type })
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_declared,
                    type.GetLocation(),
                    method.Name,
                    parameter.Name,
                    parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                    reason));
            }
        }
    }
}
