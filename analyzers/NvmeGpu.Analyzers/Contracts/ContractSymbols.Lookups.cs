using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>What the rules ask about one symbol: one member per contract.</summary>
internal sealed partial class ContractSymbols
{
    /// <summary>The contract of a parameter or field that keeps an address, or null.</summary>
    public RetainsContract? RetainsOf(ISymbol target)
    {
        AttributeData? attribute = Find(target, ContractNames.KernelRetains);
        return OnlyNumber(attribute) is { } until
            ? new RetainsContract(
                (Retention)until,
                NamedString(attribute!, "Length"),
                NamedString(attribute!, "Offset"),
                Named(attribute!, "Opaque") is true)
            : null;
    }

    /// <summary>
    /// How long an address given to this parameter or field stays in use, or null without a contract.
    /// </summary>
    public Retention? RetentionOf(ISymbol target) =>
        OnlyNumber(Find(target, ContractNames.KernelRetains)) is { } until ? (Retention)until : null;

    /// <summary>
    /// The contract of a parameter, field, property or (for a method) return value, or null.
    /// </summary>
    public RegisteredContract? RegistrationOf(ISymbol symbol) =>
        FindOnValue(symbol, ContractNames.Registered) is { } attribute
            ? new RegisteredContract(NamedString(attribute, "Index"), NamedString(attribute, "Length"))
            : null;

    /// <summary>
    /// The address that this property or method gives neither moves nor dies before its owner.
    /// </summary>
    public bool IsStable(ISymbol symbol) => FindOnValue(symbol, ContractNames.Stable) is not null;

    /// <summary>A parameter that the call frees, or a method that frees its instance.</summary>
    public bool Releases(ISymbol parameterOrMethod) =>
        Find(parameterOrMethod, ContractNames.Releases) is not null;

    /// <summary>A method (or a parameter, a token) after which buffers belong to us again.</summary>
    public bool Completes(ISymbol parameterOrMethod) =>
        Find(parameterOrMethod, ContractNames.Completes) is not null;

    /// <summary>A parameter whose value the caller may not use any more.</summary>
    public bool Transfers(IParameterSymbol parameter) => Find(parameter, ContractNames.Transfers) is not null;

    /// <summary>A method or function pointer field that may sleep in the kernel.</summary>
    public bool MayBlock(ISymbol methodOrField) => Find(methodOrField, ContractNames.MayBlock) is not null;

    /// <summary>
    /// A property, a parameter or (for a method) a return value that must be looked at.
    /// </summary>
    public bool MustObserve(ISymbol symbol) => FindOnValue(symbol, ContractNames.MustObserve) is not null;

    /// <summary>
    /// A parameter, field, property or (for a method) return value that is page-locked host memory.
    /// </summary>
    public bool IsPageLocked(ISymbol symbol) => FindOnValue(symbol, ContractNames.PageLocked) is not null;

    /// <summary>
    /// Of what number a parameter, field, property or return value is a multiple, or null.
    /// </summary>
    public int? AlignmentOf(ISymbol symbol) => OnlyNumber(FindOnValue(symbol, ContractNames.Aligned));

    /// <summary>What ring a method, field or constant needs; None without a contract.</summary>
    public RingShape RequiredRing(ISymbol symbol) =>
        (RingShape)(OnlyNumber(Find(symbol, ContractNames.RequiresRing)) ?? 0);

    /// <summary>A struct whose values stand for a submission.</summary>
    public bool IsOperationToken(ITypeSymbol type) =>
        Find(type.OriginalDefinition, ContractNames.OperationToken) is not null;
}
