using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Completions;

internal enum OperationKindBegun
{
    None = 0,
    Transfer,
    Other,
}

/// <summary>What a call begins, or prepares to begin.</summary>
internal static class BegunOperation
{
    /// <summary>An eventfd or a counter: such a transfer is whole or fails.</summary>
    private const long WholeBytesMax = 8;

    public static OperationKindBegun Of(IInvocationOperation call, ContractSymbols contracts)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.Name == "io_uring_prep_rw")
        {
            return OfOpcode(call);
        }
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter
                && (contracts.RetainsOf(parameter)?.Length ?? contracts.RegistrationOf(parameter)?.Length)
                    is { } length)
            {
                return LengthOf(call, length) is <= WholeBytesMax
                    ? OperationKindBegun.Other
                    : OperationKindBegun.Transfer;
            }
        }
        if (contracts.IsOperationToken(method.OriginalDefinition.ReturnType))
        {
            return method.Parameters.Any(parameter =>
                contracts.RetentionOf(parameter) is Retention.Completion)
                ? OperationKindBegun.Transfer
                : OperationKindBegun.Other;
        }
        return call.Arguments.Any(argument => IsEntry(argument.Value.WithoutConversions().Type))
            && !NativeNames.OnlySetsFields(method)
            && !method.IsInSystem()
            ? OperationKindBegun.Other
            : OperationKindBegun.None;
    }

    private static OperationKindBegun OfOpcode(IInvocationOperation call) =>
        LengthNames.ConstantOf(call.Argument(0)) switch
        {
            NativeNames.PassthroughOpcode => OperationKindBegun.None,
            { } opcode when NativeNames.IsTransfer((int)opcode) => OperationKindBegun.Transfer,
            _ => OperationKindBegun.Other,
        };

    private static long? LengthOf(IInvocationOperation call, string parameter)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter?.Name == parameter)
            {
                return LengthNames.ConstantOf(argument.Value);
            }
        }
        return null;
    }

    private static bool IsEntry(ITypeSymbol? type) =>
        NativeNames.IsPointerTo(type, NativeNames.SubmissionEntry)
        || type is { Name: NativeNames.SubmissionEntry };
}
