using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// Whether there is anything to follow in a body: something is handed over, or released by name or by contract.
/// Most code is turned away here, before a graph is made.
/// </summary>
internal sealed class FlowGate(FlowTypes types, ContractSymbols contracts)
{
    public bool LetsThrough(ImmutableArray<IOperation> bodies)
    {
        foreach (IOperation body in bodies)
        {
            foreach (IOperation operation in body.DescendantsAndSelf())
            {
                if (IsOfInterest(operation))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool IsOfInterest(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: var method } call => Releases(method) || HasContract(method)
            || (method.Name is "Dispose" or "DisposeAsync" && IsDisposable(call.Instance)),
        IUsingOperation { Locals: var locals, Resources: var resource } =>
            IsDisposable(resource) || locals.Any(local => types.IsOwner(local.Type)),
        IUsingDeclarationOperation { DeclarationGroup: var group } => group.DescendantsAndSelf().Any(
            part => part is IVariableDeclaratorOperation { Symbol.Type: var type } && types.IsOwner(type)),
        IObjectCreationOperation { Constructor: { } constructor } => HasContract(constructor),
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
        _ => contracts.Releases(method),
    };

    private bool HasContract(IMethodSymbol method)
    {
        if (method.IsInSystem())
        {
            return false;
        }
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (contracts.RetainsOf(parameter) is not null || contracts.Releases(parameter)
                || contracts.Transfers(parameter))
            {
                return true;
            }
        }
        return false;
    }
}
