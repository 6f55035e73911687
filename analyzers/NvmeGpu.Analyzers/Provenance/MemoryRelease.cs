using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// Calls that give memory back or unpin it. Owners that keep their memory mapped as long as the kernel needs
/// it (GpuMappedBuffer, RegisteredMemory) are none of them.
/// </summary>
internal sealed class MemoryRelease(KnownTypes known, ContractSymbols contracts)
{
    /// <summary>The variable whose memory this call releases, or null.</summary>
    public ISymbol? ReleasedBy(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        INamedTypeSymbol type = method.ContainingType;
        if (KnownTypes.Is(type, known.NativeMemory))
        {
            return method.Name is "Free" or "AlignedFree" ? MemoryRoot.Of(call.Argument(0)) : null;
        }
        if (KnownTypes.Is(type, known.Marshal))
        {
            return method.Name is "FreeHGlobal" or "FreeCoTaskMem" ? MemoryRoot.Of(call.Argument(0)) : null;
        }
        if (KnownTypes.Is(type, known.GCHandle))
        {
            return method.Name == "Free" ? MemoryRoot.Of(call.Instance) : null;
        }
        if (method.Name == "Dispose" && call.Instance is { Type: { } disposed }
            && (KnownTypes.Is(disposed, known.PinnedGCHandle) || IsBuffers(disposed, "MemoryHandle")
                || IsBuffers(disposed, "IMemoryOwner")))
        {
            return MemoryRoot.Of(call.Instance);
        }
        if (KnownTypes.Is(type, known.ArrayPool))
        {
            return method.Name == "Return" ? MemoryRoot.Of(call.Argument(0)) : null;
        }
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { Type: IPointerTypeSymbol or { IsValueType: true } } parameter
                && contracts.Releases(parameter))
            {
                return MemoryRoot.Of(argument.Value);
            }
        }
        return null;
    }

    private static bool IsBuffers(ITypeSymbol type, string name) =>
        type.Name == name
        && type.ContainingNamespace is
        {
            Name: "Buffers",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        };
}
