using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0014: a native function that may sleep in the kernel is declared so that the thread stays in the mode
/// in which the garbage collector waits for it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingCallWithoutTransition : DiagnosticAnalyzer
{
    public const string Id = "NVG0014";

    private const string OnMethods = "System.Runtime.InteropServices.SuppressGCTransitionAttribute";
    private const string ConventionsOnMethods =
        "System.Runtime.InteropServices.UnmanagedCallConvAttribute";
    private const string Convention = "System.Runtime.CompilerServices.CallConvSuppressGCTransition";

    private static readonly DiagnosticDescriptor s_rule = new(
        Id,
        "SuppressGCTransition on a call that may block",
        "'{0}' may sleep in the kernel, but with SuppressGCTransition no garbage collection can begin before "
            + "it has returned, and every other thread that allocates waits for it too: remove "
            + "SuppressGCTransition",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Without the transition the thread counts as running managed code. A collection has to "
            + "stop it first, and a thread inside the kernel cannot be stopped: the whole process stands "
            + "until the call returns, for ever if it waits for something that another thread must do.",
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
                var check = new Check(contracts, start.Compilation);
                start.RegisterSymbols(contracts, check.Run, SymbolKind.Method, SymbolKind.Field);
            }
        });
    }

    /// <summary>The check of one compilation; holds what was looked up at its start.</summary>
    private sealed class Check(ContractSymbols contracts, Compilation compilation)
    {
        private readonly INamedTypeSymbol? _onMethods = compilation.GetTypeByMetadataName(OnMethods);
        private readonly INamedTypeSymbol? _conventions =
            compilation.GetTypeByMetadataName(ConventionsOnMethods);
        private readonly INamedTypeSymbol? _convention = compilation.GetTypeByMetadataName(Convention);

        public void Run(SymbolAnalysisContext context)
        {
            ISymbol symbol = context.Symbol;
            bool isSecondPart = symbol is IMethodSymbol { PartialDefinitionPart: not null };
            if (!isSecondPart && contracts.MayBlock(symbol) && SuppressesTransition(symbol))
            {
                context.ReportDiagnostic(Diagnostic.Create(s_rule, symbol.Locations[0], symbol.Name));
            }
        }

        private bool SuppressesTransition(ISymbol symbol) => symbol switch
        {
            IMethodSymbol method => method.GetAttributes().Any(SuppressesTransition),
            IFieldSymbol { Type: IFunctionPointerTypeSymbol { Signature: var signature } } =>
                signature.UnmanagedCallingConventionTypes.Any(type => Is(type, _convention)),
            _ => false,
        };

        private bool SuppressesTransition(AttributeData attribute) =>
            Is(attribute.AttributeClass, _onMethods)
            || (Is(attribute.AttributeClass, _conventions)
                && attribute.NamedArguments.Any(argument =>
                    argument is { Key: "CallConvs", Value: { Kind: TypedConstantKind.Array, IsNull: false } }
                    && argument.Value.Values.Any(type => Is(type.Value as ISymbol, _convention))));

        private static bool Is(ISymbol? symbol, INamedTypeSymbol? known) =>
            known is not null && SymbolEqualityComparer.Default.Equals(symbol, known);
    }
}
