using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The locals of a body whose own place in memory may be handed over: those that are used in any other way
/// than by their value.
/// </summary>
internal sealed class HandedPlaces
{
    private readonly HashSet<ISymbol> _locals = new(SymbolEqualityComparer.Default);

    private HandedPlaces()
    {
    }

    public static HandedPlaces Of(IOperation body, FlowTypes types)
    {
        var places = new HandedPlaces();
        foreach (IOperation use in body.LocalUses())
        {
            if (use is ILocalReferenceOperation { Local: var local } && !IsByValue(use, types))
            {
                places._locals.Add(local);
            }
        }
        return places;
    }

    /// <param name="locals">The default array stands for all.</param>
    public bool ContainsAny(ImmutableArray<ILocalSymbol> locals)
    {
        if (locals.IsDefault)
        {
            return _locals.Count > 0;
        }
        foreach (ILocalSymbol local in locals)
        {
            if (_locals.Contains(local))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsByValue(IOperation use, FlowTypes types) => use.Parent switch
    {
        IConversionOperation or IFieldReferenceOperation => use.Type is IPointerTypeSymbol
            or { IsReferenceType: true } or { SpecialType: not SpecialType.None },
        ISimpleAssignmentOperation { IsRef: var isRef } => !isRef,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var other } } =>
            !other.IsRef,
        IArgumentOperation argument => argument.Parameter is { RefKind: RefKind.None }
            || IsGivenForTheCall(argument, types),
        IAddressOfOperation { Parent: IArgumentOperation argument } => IsGivenForTheCall(argument, types),
        IBinaryOperation or IUnaryOperation or IIncrementOrDecrementOperation
            or ICompoundAssignmentOperation or IExpressionStatementOperation or IReturnOperation
            or IPropertyReferenceOperation or IInvocationOperation or IIsPatternOperation
            or IArrayElementReferenceOperation or IInterpolationOperation
            or IConditionalOperation { IsRef: false } or ISwitchOperation or IWhileLoopOperation => true,
        IDeclarationExpressionOperation { Parent: IArgumentOperation argument } =>
            IsGivenForTheCall(argument, types),
        { Kind: OperationKind.None } parent => parent.IsDereference(),
        _ => false,
    };

    /// <summary>A function of ours that keeps an address says so.</summary>
    private static bool IsGivenForTheCall(IArgumentOperation argument, FlowTypes types) =>
        argument.Parent is IInvocationOperation { TargetMethod: var method }
        && types.TraitsOf(method) is { IsLibrary: true, Retains: false };
}
