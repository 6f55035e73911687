using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>What the rules ask about one symbol: one member per contract.</summary>
internal sealed partial class ContractSymbols
{
    /// <summary>The symbol carries any contract at all.</summary>
    public bool HasAny(ISymbol symbol) => Of(symbol) != SymbolContracts.None;

    /// <summary>The contract of a parameter or field that keeps an address, or null.</summary>
    public RetainsContract? RetainsOf(ISymbol target) => Of(target).Retains;

    /// <summary>
    /// How long an address given to this parameter or field stays in use, or null without a contract.
    /// </summary>
    public Retention? RetentionOf(ISymbol target) => Of(target).Retains?.Until;

    /// <summary>
    /// The contract of a parameter, field, property or (for a method) return value, or null.
    /// </summary>
    public RegisteredContract? RegistrationOf(ISymbol symbol) => OfValue(symbol).Registered;

    /// <summary>
    /// The address that this property or method gives neither moves nor dies before its owner.
    /// </summary>
    public bool IsStable(ISymbol symbol) => OfValue(symbol).IsStable;

    /// <summary>A parameter that the call frees, or a method that frees its instance.</summary>
    public bool Releases(ISymbol parameterOrMethod) => Of(parameterOrMethod).IsReleasing;

    /// <summary>A method (or a parameter, a token) after which buffers belong to us again.</summary>
    public bool Completes(ISymbol parameterOrMethod) => Of(parameterOrMethod).IsCompleting;

    /// <summary>A parameter whose value the caller may not use any more.</summary>
    public bool Transfers(IParameterSymbol parameter) => Of(parameter).IsTransferring;

    /// <summary>A method or function pointer field that may sleep in the kernel.</summary>
    public bool MayBlock(ISymbol methodOrField) => Of(methodOrField).IsBlocking;

    /// <summary>
    /// A property, a parameter or (for a method) a return value that must be looked at.
    /// </summary>
    public bool MustObserve(ISymbol symbol) => OfValue(symbol).IsToObserve;

    /// <summary>
    /// A parameter, field, property or (for a method) return value that is page-locked host memory.
    /// </summary>
    public bool IsPageLocked(ISymbol symbol) => OfValue(symbol).IsPageLocked;

    /// <summary>
    /// Of what number a parameter, field, property or return value is a multiple; 0 without a contract.
    /// </summary>
    public int AlignmentOf(ISymbol symbol) => OfValue(symbol).Alignment;

    /// <summary>What ring a method, field or constant needs; None without a contract.</summary>
    public RingShape RequiredRing(ISymbol symbol) => Of(symbol).RequiredRing;

    /// <summary>A struct whose values stand for a submission.</summary>
    public bool IsOperationToken(ITypeSymbol type) => Of(type.OriginalDefinition).IsOperationToken;
}
