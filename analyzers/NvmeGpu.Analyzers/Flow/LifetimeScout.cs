using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

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

    private HandedPlaces? _places;

    protected override ulong Step(IOperation operation, ulong facts)
    {
        bool isInFlight = (facts & InFlight) != 0;
        if ((facts & Released) != 0 && !IsAfterUse(operation))
        {
            GiveUp();
            return facts;
        }
        switch (operation)
        {
            case IInvocationOperation call:
                return Call(call, types.TraitsOf(call.TargetMethod), facts);
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                MethodTraits made = types.TraitsOf(constructor);
                if (made.Retains && creation.Initializer is not null)
                {
                    GiveUp(); // what is set in it is set later
                }
                return Contract(made, facts);
            case IPropertyReferenceOperation { Property: var property }
                when GivesRegion(property, property.Type):
            case IConversionOperation conversion when MakesRegion(conversion):
                GiveUp();
                return facts;
            case IAwaitOperation wait:
                return Await(wait, facts);
            case IUsingOperation use:
                return Dispose(use.Resources, facts);
            case IUsingDeclarationOperation use:
                return Dispose(use.DeclarationGroup, facts);
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

    /// <summary>The place of a local may be in flight, if its address was ever given away.</summary>
    protected override void OnLeave(ImmutableArray<ILocalSymbol> locals, ulong facts)
    {
        if ((facts & InFlight) != 0 && Root is { } root
            && (_places ??= HandedPlaces.Of(root, types)).ContainsAny(locals))
        {
            GiveUp();
        }
    }

    protected override void OnEnd(ulong facts)
    {
        if ((facts & InFlight) != 0)
        {
            GiveUp();
        }
    }

    /// <summary>No use of what was released: a constant, or what its parts have been asked for.</summary>
    private static bool IsAfterUse(IOperation operation) =>
        operation.Kind is OperationKind.ExpressionStatement or OperationKind.Return or OperationKind.Using
            or OperationKind.UsingDeclaration
        || operation.ConstantValue.HasValue;

    private ulong Call(IInvocationOperation call, MethodTraits traits, ulong facts)
    {
        IMethodSymbol method = call.TargetMethod;
        if (Library.IsDispose(method) || method.Name == "munmap" || GivesRegion(method, method.ReturnType))
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
            OnEnd(facts);
        }
        else if ((facts & InFlight) != 0 && !IsArithmetic(call) && !IsGivenConstants(call))
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
        return traits.Completes ? facts & ~InFlight : traits.RetainsAddress ? facts | InFlight : facts;
    }

    /// <summary>Whoever runs meanwhile may see completions; see the run.</summary>
    private ulong Await(IAwaitOperation wait, ulong facts)
    {
        if (IsRegion(wait.Type))
        {
            GiveUp();
        }
        return Transfer.IsDelay(wait) ? facts : facts & ~InFlight;
    }

    /// <summary>At the end of a using.</summary>
    private ulong Dispose(IOperation resource, ulong facts) =>
        OwnsNothing(resource) ? facts : facts | Released;

    /// <summary>A file of the class library that is made there, for example.</summary>
    private bool OwnsNothing(IOperation resource) =>
        resource is IVariableDeclarationGroupOperation { Declarations: { Length: 1 } declarations }
        && declarations[0].Declarators[0] is { Symbol.Type: var type } declarator
        && declarator.GetVariableInitializer()?.Value is { } value
        && !types.LeadsToMemory(type)
        && value.WithoutConversions() switch
        {
            IObjectCreationOperation { Type: { IsReferenceType: true } made } =>
                !types.LeadsToMemory(made) && made.IsInSystem(),
            IInvocationOperation { Instance: null, TargetMethod.ContainingType: { Name: "File" } file } =>
                file.IsInSystem(),
            _ => false,
        };

    /// <summary>
    /// A value that describes a part of somebody's memory has nothing to follow, but when a contract of the
    /// method that gives it says otherwise. The library's own carry none.
    /// </summary>
    private bool GivesRegion(ISymbol member, ITypeSymbol? type) =>
        IsRegion(type) && !Library.Contains(member);

    private bool MakesRegion(IConversionOperation conversion) => IsRegion(conversion.Type)
        && !SymbolEqualityComparer.Default.Equals(conversion.Type, conversion.Operand.Type);

    private bool IsRegion(ITypeSymbol? type) =>
        type is { IsValueType: true, SpecialType: SpecialType.None } && types.DescribesMemory(type);

    /// <summary>By the name alone, of whatever type it is.</summary>
    private static bool IsRelease(string name) => name is "Free" or "AlignedFree" or "Realloc"
        or "AlignedRealloc" or "FreeHGlobal" or "FreeCoTaskMem" or "ReAllocHGlobal" or "ReAllocCoTaskMem"
        or "Return";

    /// <summary>Whatever it is given, it reads no memory.</summary>
    private static bool IsArithmetic(IInvocationOperation call) =>
        call is { Instance: null, TargetMethod.ContainingType.Name: "Math" or "TimeSpan" };

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
