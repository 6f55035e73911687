using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>File descriptors that are visibly opened for direct I/O.</summary>
internal static class DirectFile
{
    private const int StepsMax = 8;

    /// <summary>
    /// The descriptor comes from an open() in this method whose flags name O_DIRECT, and nothing changes them
    /// afterwards.
    /// </summary>
    public static bool IsOpenedDirect(IOperation descriptor)
    {
        IOperation value = descriptor.WithoutConversions();
        ILocalSymbol? local = null;
        for (int steps = StepsMax; value is ILocalReferenceOperation reference; steps--)
        {
            local = reference.Local;
            if (steps == 0 || LocalValue.Of(local, value) is not { } only || MayBeReopened(local, value))
            {
                return false;
            }
            value = only.WithoutConversions();
        }
        return value is IInvocationOperation { TargetMethod.Name: "open" or "open64" or "openat" } open
            && Flags(open) is { } flags && HasDirect(flags, StepsMax);
    }

    private static IOperation? Flags(IInvocationOperation open)
    {
        foreach (IArgumentOperation argument in open.Arguments)
        {
            if (argument.Parameter?.Name is "flags" or "oflag" or "flag")
            {
                return argument.Value;
            }
        }
        return null;
    }

    private static bool HasDirect(IOperation flags, int steps)
    {
        flags = flags.WithoutConversions();
        return steps > 0 && flags switch
        {
            // By name: the number differs from one processor architecture to the next.
            IMemberReferenceOperation { Member.Name: "O_DIRECT" } => true,
            ILocalReferenceOperation { Local.Name: "O_DIRECT" } => true,
            ILocalReferenceOperation { Local: var local } => LocalValue.Of(local, flags) is { } only
                && HasDirect(only, steps - 1),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } both =>
                HasDirect(both.LeftOperand, steps - 1) || HasDirect(both.RightOperand, steps - 1),
            IConditionalOperation { WhenFalse: { } whenFalse } choice =>
                HasDirect(choice.WhenTrue, steps - 1) && HasDirect(whenFalse, steps - 1),
            _ => false,
        };
    }

    /// <summary>fcntl(F_SETFL) can take O_DIRECT away, dup2 can put another file in its place.</summary>
    private static bool MayBeReopened(ILocalSymbol descriptor, IOperation anywhereInMethod)
    {
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            if (operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, descriptor)
                && reference.Parent is IArgumentOperation { Parent: IInvocationOperation call }
                && (call.TargetMethod.Name.IndexOf("fcntl", StringComparison.OrdinalIgnoreCase) >= 0
                    || call.TargetMethod.Name.StartsWith("dup", StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }
        return false;
    }
}
