using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;
using NvmeGpu.Analyzers.Rings;

namespace NvmeGpu.Analyzers.Teardown;

/// <summary>Reads what a method lends to rings.</summary>
internal sealed class LendingReader(ContractSymbols contracts)
{
    /// <summary>The lists that are given to io_uring_register_buffers, and the ring of each.</summary>
    public static IEnumerable<(IOperation Call, ISymbol List, ISymbol? Ring)> Registrations(IOperation body)
    {
        foreach (IOperation operation in body.Parts())
        {
            if (RingCall.TryFrom(operation, out RingCall call)
                && call.Name.StartsWith("io_uring_register_buffers", StringComparison.Ordinal)
                && MemoryRoot.Of(call.Argument(1)) is { } list)
            {
                yield return (operation, list, RingIdentity.Of(call.Ring));
            }
        }
    }

    public IEnumerable<LentMemory> Read(IOperation body)
    {
        Dictionary<ISymbol, ISymbol?> registered = new(SymbolEqualityComparer.Default);
        foreach ((IOperation _, ISymbol list, ISymbol? ring) in Registrations(body))
        {
            registered[list] = ring;
        }
        foreach (IOperation operation in body.Givings())
        {
            if (!ContractSite.TryFrom(operation, out ContractSite site)
                || contracts.RetainsOf(site.Target) is not { Until: Retention.Completion, IsOpaque: false }
                || MemoryRoot.Of(site.Value) is not { } memory)
            {
                continue;
            }
            if (site.Target.Name == "iov_base")
            {
                ISymbol? list = ListOf(operation);
                ISymbol? ring = null;
                bool isRegistered = list is not null && registered.TryGetValue(list, out ring);
                yield return new LentMemory(memory, ring, list, isRegistered);
            }
            else
            {
                ISymbol? ring = EntryRing.Of(site.Sibling("sqe"));
                yield return new LentMemory(memory, ring, list: null, isRegistered: false);
            }
        }
    }

    /// <summary>
    /// The method may itself wait for what it lends: it calls something that completes, a method of its own
    /// object, or something that is given the ring.
    /// </summary>
    public bool MayWait(IOperation body) => body.Parts().Any(MayWaitHere);

    public bool MayWaitHere(IOperation operation)
    {
        if (RingCall.TryFrom(operation, out _))
        {
            return operation switch
            {
                IInvocationOperation named => contracts.Completes(named.TargetMethod),
                IFunctionPointerInvocationOperation { Target: IFieldReferenceOperation field } =>
                    contracts.Completes(field.Field),
                _ => true,
            };
        }
        return operation is IInvocationOperation call
            && (contracts.Completes(call.TargetMethod) || MayDoAnything(call));
    }

    /// <summary>
    /// A method of the own object, or one that is given a ring or the object: nobody knows what it does.
    /// </summary>
    public static bool MayDoAnything(IInvocationOperation call) =>
        (call.Instance is IInstanceReferenceOperation && !call.TargetMethod.IsInSystem())
        || call.TargetMethod.MethodKind == MethodKind.LocalFunction
        || call.TargetMethod.MethodKind == MethodKind.DelegateInvoke
        || (!RingCall.TryFrom(call, out _) && call.Arguments.Any(argument =>
            RingCall.IsRing(argument.Value.Type)
            || (argument.Value.WithoutConversions() is IInstanceReferenceOperation
                && !call.TargetMethod.IsInSystem())));

    /// <summary>
    /// The variable whose iov_base is set: in place, or by an initialiser that is assigned to it.
    /// </summary>
    private static ISymbol? ListOf(IOperation assignment)
    {
        if (assignment.Parent is not IObjectOrCollectionInitializerOperation)
        {
            return assignment is ISimpleAssignmentOperation
            {
                Target: IFieldReferenceOperation { Instance: { } list },
            }
                ? MemoryRoot.Of(list)
                : null;
        }
        for (IOperation? outer = assignment.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IVariableDeclaratorOperation declarator:
                    return declarator.Symbol;
                case ISimpleAssignmentOperation { Parent: not IObjectOrCollectionInitializerOperation } whole:
                    return whole.Target is IArrayElementReferenceOperation element
                        ? MemoryRoot.Of(element.ArrayReference)
                        : MemoryRoot.Of(whole.Target);
                case IBlockOperation or IArgumentOperation:
                    return null;
            }
        }
        return null;
    }
}
