using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>
/// What has no contract and is known by its C name: the entries of a ring and the functions around them.
/// </summary>
internal static class NativeNames
{
    public const string CompletionEntry = "io_uring_cqe";
    public const string SubmissionEntry = "io_uring_sqe";
    public const string PassthroughCommand = "nvme_uring_cmd";

    /// <summary>io_uring_op: the numbers are the kernel's interface.</summary>
    public static bool IsTransfer(int opcode) => opcode is 4 or 5 or 22 or 23 or 26 or 27;

    public const int PassthroughOpcode = 46;

    public static bool IsPointerTo(ITypeSymbol? type, string name) =>
        type is IPointerTypeSymbol { PointedAtType: var pointed } && pointed.Name == name;

    /// <summary>Sets a field of an entry without beginning an operation.</summary>
    public static bool OnlySetsFields(IMethodSymbol method) =>
        method.Name.StartsWith("io_uring_sqe_set_", System.StringComparison.Ordinal)
        || method.Name is "io_uring_initialize_sqe" or "__io_uring_set_target_fixed_file"
            or "io_uring_prep_send_set_addr";

    /// <summary>Looks at a completion entry, but not at its result.</summary>
    public static bool IgnoresResult(IMethodSymbol method) =>
        method.Name is "io_uring_cqe_seen" or "io_uring_cqe_get_data" or "io_uring_cqe_get_data64";
}
