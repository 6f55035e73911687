using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>
/// How a ring was made, where that is visible in the method: by io_uring_queue_init and its like, or by
/// IoUring.Create.
/// </summary>
internal static class RingMaking
{
    /// <summary>
    /// The flags of the ring that <see cref="RingIdentity"/> has found; of any of its makings, when there
    /// are several (a program that tries without a flag what the kernel has refused). Null when one is not
    /// visible.
    /// </summary>
    public static FlagBits? FlagsOf(ISymbol ring, IOperation anywhereInMethod)
    {
        IOperation root = LocalValue.Root(anywhereInMethod);
        FlagBits? flags = null;
        int lastMaking = -1;
        foreach (IOperation operation in root.Parts())
        {
            if (FlagsOfMaking(operation, ring) is { } made)
            {
                flags = flags is { } other ? other.Or(made) : made;
                lastMaking = operation.Syntax.SpanStart;
            }
        }
        return flags is not null && !MayBeMadeElsewhere(ring, root, anywhereInMethod, lastMaking)
            ? flags
            : null;
    }

    private static FlagBits? FlagsOfMaking(IOperation operation, ISymbol ring)
    {
        if (RingCall.TryFrom(operation, out RingCall call))
        {
            int? flags = call.Name switch
            {
                "io_uring_queue_init" or "io_uring_queue_init_params" or "io_uring_queue_init_mem" => 2,
                "io_uring_queue_mmap" => -1,
                _ => null,
            };
            if (flags is not { } ordinal || !Same(RingIdentity.Of(call.Ring), ring))
            {
                return null;
            }
            return call.Argument(ordinal) is not { } given ? FlagBits.Unknown
                : call.Name == "io_uring_queue_init" ? FlagReader.Read(given)
                : SetupParameters.FlagsOf(given);
        }
        return operation switch
        {
            IVariableDeclaratorOperation declarator when Same(declarator.Symbol, ring)
                && declarator.GetVariableInitializer()?.Value is { } initial => OfValue(initial, ring),
            ISimpleAssignmentOperation assignment
                when assignment.Target is ILocalReferenceOperation or IFieldReferenceOperation
                    && Same(RingIdentity.Of(assignment.Target), ring) => OfValue(assignment.Value, ring),
            _ => null,
        };
    }

    /// <summary>Of a value that is given to the variable: null when that makes no ring.</summary>
    private static FlagBits? OfValue(IOperation value, ISymbol ring)
    {
        value = value.WithoutConversions();
        if (value is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } }
            || (ring as ILocalSymbol)?.Type is IPointerTypeSymbol
            || (ring as IFieldSymbol)?.Type is IPointerTypeSymbol)
        {
            return null; // room for a raw ring, which gets its flags when it is made
        }
        if (RingCall.IsRing(value.Type))
        {
            return value is IObjectCreationOperation ? null : FlagBits.Unknown; // a copy of another one
        }
        return OwnedRingOptions.FlagsOf(value) ?? FlagBits.Unknown;
    }

    /// <summary>
    /// A call of something else that is given the ring can have made it, too, when it stands before the
    /// making that is visible (which is then perhaps only the second attempt), or on a branch.
    /// </summary>
    private static bool MayBeMadeElsewhere(ISymbol ring, IOperation root, IOperation use, int lastMaking)
    {
        foreach (IOperation operation in root.Parts())
        {
            if (operation is IArgumentOperation { Parameter: { } parameter } argument
                && (RingCall.IsRing(argument.Value.Type) || parameter.RefKind is RefKind.Ref or RefKind.Out)
                && argument.Parent is { } call
                && call != use
                && !RingCall.TryFrom(call, out _)
                && Same(RingIdentity.Of(argument.Value), ring)
                && (operation.Syntax.SpanStart < lastMaking || parameter.RefKind == RefKind.Out
                    || IsOnBranch(call)))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsOnBranch(IOperation operation)
    {
        for (IOperation inner = operation; inner.Parent is { } outer; inner = outer)
        {
            bool isBranch = outer switch
            {
                IConditionalOperation branch => inner != branch.Condition,
                IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.ConditionalAnd
                    or BinaryOperatorKind.ConditionalOr
                } both => inner == both.RightOperand,
                ICoalesceOperation either => inner == either.WhenNull,
                ISwitchCaseOperation or ISwitchExpressionArmOperation or ICatchClauseOperation => true,
                _ => false,
            };
            if (isBranch)
            {
                return true;
            }
        }
        return false;
    }

    private static bool Same(ISymbol? left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
