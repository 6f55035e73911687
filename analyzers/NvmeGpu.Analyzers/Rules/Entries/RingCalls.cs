using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;
using NvmeGpu.Analyzers.Rules.Completions;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>The calls that take an entry from a ring and that hand all of them to the kernel.</summary>
internal static class RingCalls
{
    public static bool GetsEntry(IOperation? operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: "io_uring_get_sqe" } method }
        && NativeNames.IsPointerTo(method.ReturnType, NativeNames.SubmissionEntry);

    public static bool Submits(IInvocationOperation call) =>
        call.TargetMethod.Name.StartsWith("io_uring_submit", StringComparison.Ordinal)
        && call.TargetMethod.Parameters.Length > 0
        && NativeNames.IsPointerTo(call.TargetMethod.Parameters[0].Type, "io_uring");

    public static bool ReadsUserData(IOperation operation) => operation switch
    {
        IFieldReferenceOperation
        {
            Field:
            {
                Name: "user_data",
                ContainingType.Name: NativeNames.CompletionEntry
            }
        } => true,
        IInvocationOperation { TargetMethod.Name: "io_uring_cqe_get_data" or "io_uring_cqe_get_data64" } =>
            true,
        _ => false,
    };

    /// <summary>The variable that has the ring which a call is about; null when it is none.</summary>
    public static ISymbol? RingOf(IInvocationOperation call)
    {
        if (call.Arguments.IsEmpty)
        {
            return null;
        }
        IOperation ring = call.Argument(0).WithoutConversions();
        if (ring is IAddressOfOperation address)
        {
            ring = address.Reference;
        }
        return ring switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
            _ => null,
        };
    }
}
