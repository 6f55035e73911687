using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// Whether a <see cref="FlowRun"/> over a body could find anything, without one. All memory is taken for one
/// piece: it is in flight from any hand-over to the next call that waits, and released from any release to
/// the end. A body in which nothing is touched, freed or left in flight, and nothing done after a release,
/// is right, whichever memory it is about. Everything unusual makes it give up.
/// </summary>
internal sealed class LifetimeScout(FlowTypes types, ContractSymbols contracts) : StatementPass
{
    private const ulong InFlight = 1;
    private const ulong Released = 2;

    protected override ulong Step(IOperation operation, ulong facts)
    {
        bool isInFlight = (facts & InFlight) != 0;
        if ((facts & Released) != 0
            && operation.Kind is not (OperationKind.ExpressionStatement or OperationKind.Return))
        {
            GiveUp();
            return facts;
        }
        switch (operation)
        {
            case IInvocationOperation call:
                return Call(call, types.TraitsOf(call.TargetMethod), facts);
            case IObjectCreationOperation { Constructor: { } constructor }:
                return Contract(types.TraitsOf(constructor), facts);
            case ISimpleAssignmentOperation assignment:
                if (HandsOver(assignment.Target) || (isInFlight && !IsVariable(assignment.Target)))
                {
                    GiveUp();
                }
                return facts;
            case ICompoundAssignmentOperation { Target: var target } when isInFlight && !IsVariable(target):
            case IIncrementOrDecrementOperation { Target: var place } when isInFlight && !IsVariable(place):
            case IArrayElementReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: false }
                or ILocalReferenceOperation { Local.IsRef: true }
                or { Kind: OperationKind.None } when isInFlight:
                GiveUp();
                return facts;
            default:
                return facts;
        }
    }

    protected override void OnLeave(ulong facts)
    {
        if ((facts & InFlight) != 0)
        {
            GiveUp();
        }
    }

    private ulong Call(IInvocationOperation call, MethodTraits traits, ulong facts)
    {
        IMethodSymbol method = call.TargetMethod;
        if (Library.IsDispose(method) || method.Name == "munmap")
        {
            GiveUp();
        }
        else if (!traits.IsInSystem)
        {
            return Contract(traits, facts);
        }
        else if (IsRelease(method.Name))
        {
            facts |= Released;
            OnLeave(facts);
        }
        else if ((facts & InFlight) != 0 && !IsGivenConstants(call))
        {
            GiveUp();
        }
        return facts;
    }

    private ulong Contract(MethodTraits traits, ulong facts)
    {
        if (traits.Releases || traits.ReleasesParameter || traits.LocksParameter)
        {
            GiveUp();
        }
        return traits.Completes ? facts & ~InFlight : traits.Retains ? facts | InFlight : facts;
    }

    /// <summary>By the name alone, of whatever type it is.</summary>
    private static bool IsRelease(string name) => name is "Free" or "AlignedFree" or "Realloc"
        or "AlignedRealloc" or "FreeHGlobal" or "FreeCoTaskMem" or "ReAllocHGlobal" or "ReAllocCoTaskMem"
        or "Return";

    private static bool IsGivenConstants(IInvocationOperation call)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (!argument.Value.ConstantValue.HasValue)
            {
                return false;
            }
        }
        return call.Instance is null;
    }

    /// <summary>A field by which raw code hands memory over; what holds such a field is followed by the run.
    /// </summary>
    private bool HandsOver(IOperation target) =>
        target is IFieldReferenceOperation { Field: var field } && contracts.RetainsOf(field) is not null;

    /// <summary>Writing it writes no memory that could be in flight.</summary>
    private static bool IsVariable(IOperation target) => target is ILocalReferenceOperation
        or IParameterReferenceOperation { Parameter.RefKind: RefKind.None } or IDiscardOperation
        or IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation };
}
