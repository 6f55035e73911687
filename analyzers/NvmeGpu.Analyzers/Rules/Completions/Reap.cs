using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>A call that takes or shows a completion, and the local that has it afterwards.</summary>
internal readonly struct Reap
{
    private Reap(IInvocationOperation call, ILocalSymbol? entry)
    {
        Call = call;
        Entry = entry;
    }

    public IInvocationOperation Call { get; }

    /// <summary>Null when it goes anywhere else: a parameter, a field, one of several, nowhere.</summary>
    public ILocalSymbol? Entry { get; }

    /// <summary>What a method must have for its completions to be looked at.</summary>
    public static bool Is(IOperation operation, ContractSymbols contracts) =>
        operation is IInvocationOperation call && TryFrom(call, contracts, out _);

    public static bool TryFrom(IInvocationOperation call, ContractSymbols contracts, out Reap reap)
    {
        reap = default;
        if (call.Arguments.IsEmpty || !contracts.Completes(call.TargetMethod))
        {
            return false;
        }
        foreach (IArgumentOperation argument in call.Arguments)
        {
            bool isOwned = argument.Parameter is { RefKind: RefKind.Out, Type: { } type }
                && IsCompletion(type, contracts);
            bool isRaw = argument.Parameter?.Type is IPointerTypeSymbol { PointedAtType: var pointer }
                && NativeNames.IsPointerTo(pointer, NativeNames.CompletionEntry);
            if (isOwned || isRaw)
            {
                reap = new Reap(call, LocalIn(argument.Value.WithoutConversions(), isOwned));
                return true;
            }
        }
        return false;
    }

    /// <summary>A struct that says of its success that it must be looked at.</summary>
    public static bool IsCompletion(ITypeSymbol? type, ContractSymbols contracts)
    {
        if (type is not { SpecialType: SpecialType.None, TypeKind: TypeKind.Struct })
        {
            return false;
        }
        foreach (ISymbol member in type.GetMembers("IsSuccess"))
        {
            if (contracts.MustObserve(member))
            {
                return true;
            }
        }
        return false;
    }

    private static ILocalSymbol? LocalIn(IOperation value, bool isOwned) => value switch
    {
        IAddressOfOperation { Reference: ILocalReferenceOperation local } => local.Local,
        ILocalReferenceOperation local when isOwned => local.Local,
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation local } => local.Local,
        _ => null,
    };
}
