using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Pinning;

/// <summary>Handles that pin an object, and whether anybody can ever give one back.</summary>
internal sealed class PinHandles(ContractSymbols contracts, Compilation compilation)
{
    private const int StepsMax = 8;
    private const int PinnedType = 3;

    private readonly INamedTypeSymbol? _memoryHandle =
        compilation.GetTypeByMetadataName("System.Buffers.MemoryHandle");

    private readonly INamedTypeSymbol? _gcHandle =
        compilation.GetTypeByMetadataName("System.Runtime.InteropServices.GCHandle");

    private readonly INamedTypeSymbol? _pinnedHandle =
        compilation.GetTypeByMetadataName("System.Runtime.InteropServices.PinnedGCHandle`1");

    /// <summary>
    /// The pin behind an address that was taken from the handle on the spot, so that the handle has no name:
    /// <c>memory.Pin().Pointer</c>.
    /// </summary>
    public IOperation? NamelessPinOf(IOperation value)
    {
        IOperation? address = value;
        for (int step = 0; address is not null && step < StepsMax; step++)
        {
            switch (address)
            {
                case IConversionOperation conversion:
                    address = conversion.Operand;
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                    address = sum.LeftOperand;
                    break;
                case ILocalReferenceOperation local:
                    address = LocalValue.Of(local.Local, local);
                    break;
                case IInvocationOperation { TargetMethod.Name: "ToPointer", Instance: { } number }:
                    address = number;
                    break;
                case IPropertyReferenceOperation { Property.Name: "Pointer", Instance: { } handle }:
                    return IsPin(handle) ? handle : null;
                case IInvocationOperation
                {
                    TargetMethod.Name: "AddrOfPinnedObject" or "GetAddressOfObjectData",
                    Instance: { } handle,
                }:
                    return IsPin(handle) ? handle : null;
                default:
                    return null;
            }
        }
        return null;
    }

    /// <summary>
    /// A local got this pin's handle, and gets the next one although nothing on the way can have given this
    /// one back. Silent when it could on any path: the program may know which one it is on.
    /// </summary>
    public bool IsOverwritten(IOperation pin, Func<ControlFlowGraph?> graph)
    {
        if (!IsPin(pin)
            || ResultUses.LocalOf(pin) is not { } local
            || !IsHandedOver(local, pin)
            || LocalReads.Of(local, pin, graph) is not { } reads
            || LocalReads.NextWrites(local, pin, graph) is not { Count: > 0 } writes)
        {
            return false;
        }
        ILookup<SyntaxNode, ILocalReferenceOperation> references = LocalValue.Root(pin).Parts()
            .OfType<ILocalReferenceOperation>()
            .ToLookup(reference => reference.Syntax);
        return reads.All(read => references[read].All(IsOnlyLookedAt))
            && writes.Any(write => references[write].Any(IsAnotherPin));
    }

    private bool IsPin(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "Pin" } call => KnownTypes.Is(call.Type, _memoryHandle),
        IInvocationOperation { TargetMethod.Name: "Alloc", Arguments.Length: 2 } call =>
            KnownTypes.Is(call.TargetMethod.ContainingType, _gcHandle)
            && call.Argument(1).ConstantValue is { HasValue: true, Value: PinnedType },
        IObjectCreationOperation { Arguments.Length: 1 } creation =>
            KnownTypes.Is(creation.Type, _pinnedHandle),
        _ => false,
    };

    /// <summary>Otherwise it is a program's own business: nothing of ours uses the memory.</summary>
    private bool IsHandedOver(ILocalSymbol handle, IOperation pin) =>
        LocalValue.Root(pin).Parts().Any(operation =>
            ContractSite.TryFrom(operation, out ContractSite site)
            && contracts.RetentionOf(site.Target) is not null
            && Uses(site.Value, handle));

    private static bool Uses(IOperation value, ILocalSymbol handle)
    {
        var open = new Queue<IOperation>();
        open.Enqueue(value);
        for (int step = 0; open.Count > 0 && step < StepsMax; step++)
        {
            foreach (ILocalReferenceOperation reference in open.Dequeue().DescendantsAndSelf()
                .OfType<ILocalReferenceOperation>())
            {
                if (SymbolEqualityComparer.Default.Equals(reference.Local, handle))
                {
                    return true;
                }
                if (LocalValue.Of(reference.Local, reference) is { } initial)
                {
                    open.Enqueue(initial);
                }
            }
        }
        return false;
    }

    private static bool IsOnlyLookedAt(ILocalReferenceOperation handle) => handle.Parent switch
    {
        IPropertyReferenceOperation property =>
            property.Property.Name is "Pointer" or "IsAllocated" or "Target",
        IInvocationOperation call =>
            call.TargetMethod.Name is "AddrOfPinnedObject" or "GetAddressOfObjectData",
        _ => false,
    };

    private bool IsAnotherPin(ILocalReferenceOperation target) =>
        target.Parent is ISimpleAssignmentOperation assignment
            && IsPin(assignment.Value.WithoutConversions());
}
