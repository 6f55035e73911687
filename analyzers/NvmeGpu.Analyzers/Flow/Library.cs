using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The bindings and the runtime: their members say by contract what they keep, free and wait for, so one
/// without a contract does nothing of that.
/// </summary>
internal static class Library
{
    public static bool Contains(ISymbol symbol) => symbol.ContainingNamespace is { } space
        && (IsNvmeGpu(space) || (space.Name == "Bindings" && IsNvmeGpu(space.ContainingNamespace)));

    public static bool IsBinding(ISymbol symbol) =>
        symbol.ContainingNamespace is { Name: "Bindings" } space && IsNvmeGpu(space.ContainingNamespace);

    /// <summary>Hands queued entries to the kernel and says how many.</summary>
    public static bool IsSubmit(IMethodSymbol method) => Contains(method)
        && (method.Name is "Submit"
            || method.Name.StartsWith("io_uring_submit", System.StringComparison.Ordinal));

    /// <summary>The pattern of the class library, which ours and anybody's types follow.</summary>
    public static bool IsDispose(IMethodSymbol method) =>
        method.Name is "Dispose" or "DisposeAsync" or "Close"
        && (method.Parameters.IsEmpty || method.Parameters[0].Type.SpecialType == SpecialType.System_Boolean);

    private static bool IsNvmeGpu(INamespaceSymbol? space) =>
        space is { Name: "NvmeGpu", ContainingNamespace.IsGlobalNamespace: true };
}
