using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// The contracts of one symbol, or of what a method returns, decoded once: several rules ask for several of
/// them at each use.
/// </summary>
internal sealed class SymbolContracts
{
    public static readonly SymbolContracts None = new([]);

    private SymbolContracts(ImmutableArray<AttributeData> contracts)
    {
        // Of several with one name, which do not compile, the first counts.
        for (int i = contracts.Length - 1; i >= 0; i--)
        {
            AttributeData contract = contracts[i];
            switch (contract.AttributeClass?.Name)
            {
                case ContractNames.KernelRetains:
                    Retains = OnlyNumber(contract) is { } until
                        ? new RetainsContract(
                            (Retention)until,
                            Named(contract, "Length") as string,
                            Named(contract, "Offset") as string,
                            Named(contract, "Opaque") is true)
                        : null;
                    break;
                case ContractNames.Registered:
                    Registered = new RegisteredContract(
                        Named(contract, "Index") as string, Named(contract, "Length") as string);
                    break;
                case ContractNames.RequiresRing:
                    RequiredRing = (RingShape)(OnlyNumber(contract) ?? 0);
                    break;
                case ContractNames.Aligned:
                    Alignment = OnlyNumber(contract) ?? 0;
                    break;
                case ContractNames.Stable:
                    IsStable = true;
                    break;
                case ContractNames.Releases:
                    IsReleasing = true;
                    break;
                case ContractNames.Completes:
                    IsCompleting = true;
                    break;
                case ContractNames.Transfers:
                    IsTransferring = true;
                    break;
                case ContractNames.MayBlock:
                    IsBlocking = true;
                    break;
                case ContractNames.MustObserve:
                    IsToObserve = true;
                    break;
                case ContractNames.PageLocked:
                    IsPageLocked = true;
                    break;
                case ContractNames.OperationToken:
                    IsOperationToken = true;
                    break;
            }
        }
    }

    public RetainsContract? Retains { get; }

    public RegisteredContract? Registered { get; }

    public RingShape RequiredRing { get; }

    /// <summary>Of what number the value is a multiple; 0 without a contract.</summary>
    public int Alignment { get; }

    public bool IsStable { get; }

    public bool IsReleasing { get; }

    public bool IsCompleting { get; }

    public bool IsTransferring { get; }

    public bool IsBlocking { get; }

    public bool IsToObserve { get; }

    public bool IsPageLocked { get; }

    public bool IsOperationToken { get; }

    /// <param name="contracts">Contract attributes and no others.</param>
    public static SymbolContracts Of(ImmutableArray<AttributeData> contracts) =>
        contracts.IsEmpty ? None : new SymbolContracts(contracts);

    private static object? Named(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            // Half-typed code may give an array, whose Value throws.
            if (argument.Key == name && argument.Value.Kind != TypedConstantKind.Array)
            {
                return argument.Value.Value;
            }
        }
        return null;
    }

    /// <summary>The only constructor argument, when it is an int or an enum of that size.</summary>
    private static int? OnlyNumber(AttributeData attribute) =>
        attribute is { ConstructorArguments: { Length: 1 } arguments }
            && arguments[0] is
            {
                Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum,
                Value: int number
            }
            ? number
            : null;
}
