using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// Whether there is anything to follow in a body: something is handed over, or released by name or by
/// contract. Most code is turned away here, before a graph is made.
/// </summary>
internal sealed class FlowGate(FlowTypes types, ContractSymbols contracts)
{
    public bool LetsThrough(ImmutableArray<IOperation> bodies)
    {
        foreach (IOperation body in bodies)
        {
            foreach (IOperation operation in body.Parts())
            {
                // The kind says of most what they are not, at a fraction of what a cast costs.
                if (operation.Kind is OperationKind.Invocation or OperationKind.ObjectCreation
                        or OperationKind.SimpleAssignment or OperationKind.Using
                        or OperationKind.UsingDeclaration
                    && IsOfInterest(operation))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool IsOfInterest(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: var method } call => Releases(method)
            || HasContract(types.TraitsOf(method), call.Arguments)
            || (method.Name is "Dispose" or "DisposeAsync" && IsDisposable(call.Instance)),
        IUsingOperation { Locals: var locals, Resources: var resource } =>
            IsDisposable(resource) || locals.Any(local => types.IsOwner(local.Type)),
        IUsingDeclarationOperation { DeclarationGroup: var group } => group.DescendantsAndSelf().Any(
            part => part is IVariableDeclaratorOperation { Symbol.Type: var type } && types.IsOwner(type)),
        IObjectCreationOperation { Constructor: { } constructor } creation =>
            HasContract(types.TraitsOf(constructor), creation.Arguments),
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: var field } } =>
            contracts.RetainsOf(field) is not null,
        _ => false,
    };

    private bool IsDisposable(IOperation? instance) =>
        instance?.WithoutConversions().Type is { } type && types.IsOwner(type);

    private bool Releases(IMethodSymbol method) => method.Name switch
    {
        "Free" or "AlignedFree" or "Realloc" or "AlignedRealloc" =>
            KnownTypes.Is(method.ContainingType, types.Known.NativeMemory)
            || types.IsPin(method.ContainingType),
        "FreeHGlobal" or "FreeCoTaskMem" => KnownTypes.Is(method.ContainingType, types.Known.Marshal),
        "Return" => KnownTypes.Is(method.ContainingType, types.Known.ArrayPool),
        _ => types.TraitsOf(method).Releases,
    };

    private bool HasContract(MethodTraits traits, ImmutableArray<IArgumentOperation> arguments)
    {
        if (traits.ReleasesParameter)
        {
            return true;
        }
        if (traits.Retains)
        {
            foreach (IArgumentOperation argument in arguments)
            {
                if (argument.Parameter is { } parameter && contracts.RetainsOf(parameter) is not null
                    && IsFollowed(argument.Value))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>
    /// What another call has just given by value and nobody else has, `memory.Region(..)`, leads to nothing
    /// that could be followed from there.
    /// </summary>
    private bool IsFollowed(IOperation value) =>
        value.WithoutConversions() is not IInvocationOperation { Type: var type }
        || types.LeadsToMemory(type);
}
