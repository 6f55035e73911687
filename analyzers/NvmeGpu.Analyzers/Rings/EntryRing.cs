using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>Which ring a submission entry belongs to.</summary>
internal static class EntryRing
{
    private const int StepsMax = 8;

    /// <summary>
    /// The ring that <c>io_uring_get_sqe(ring)</c>, or another call that is given one ring, took the entry
    /// from; null when that is not visible, or when the local has entries of several rings.
    /// </summary>
    /// <param name="entry">The pointer to the entry.</param>
    public static ISymbol? Of(IOperation? entry)
    {
        for (int steps = StepsMax; steps > 0 && entry is not null; steps--)
        {
            switch (entry)
            {
                case IConversionOperation conversion:
                    entry = conversion.Operand;
                    break;
                case ILocalReferenceOperation { Local: var local }:
                    return OfLocal(local, entry);
                case IInvocationOperation or IFunctionPointerInvocationOperation:
                    return OfCall(entry);
                default:
                    return null;
            }
        }
        return null;
    }

    private static ISymbol? OfLocal(ILocalSymbol local, IOperation anywhereInMethod)
    {
        ISymbol? ring = null;
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            IOperation? value = operation switch
            {
                IVariableDeclaratorOperation declarator when Same(declarator.Symbol, local) =>
                    declarator.GetVariableInitializer()?.Value,
                ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment
                    when Same(target.Local, local) => assignment.Value,
                _ => null,
            };
            if (value is { ConstantValue: { HasValue: true, Value: null } } or null)
            {
                if (operation is ILocalReferenceOperation reference && Same(reference.Local, local)
                    && LocalWrites.MayWrite(reference))
                {
                    return null;
                }
                continue;
            }
            ISymbol? source = OfCall(value.WithoutConversions());
            if (source is null || (ring is not null && !Same(ring, source)))
            {
                return null;
            }
            ring = source;
        }
        return ring;
    }

    private static ISymbol? OfCall(IOperation call)
    {
        if (RingCall.TryFrom(call, out RingCall function))
        {
            return RingIdentity.Of(function.Ring);
        }
        ISymbol? ring = null;
        if (call is IInvocationOperation invocation)
        {
            foreach (IArgumentOperation argument in invocation.Arguments)
            {
                if (RingCall.IsRing(argument.Value.Type))
                {
                    if (ring is not null)
                    {
                        return null;
                    }
                    ring = RingIdentity.Of(argument.Value);
                }
            }
        }
        return ring;
    }

    private static bool Same(ISymbol left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
