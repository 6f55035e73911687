#nullable enable
namespace NvmeGpu;

/// <summary>What a driver is to read by, and into what.</summary>
/// <param name="Path">The path.</param>
/// <param name="Memory">Where the slots come from.</param>
/// <param name="Reason">Why, in one sentence; null where the slots' kind will say it.</param>
/// <param name="MayFallBack">Nobody asked for this memory: without room in it, host memory will do.</param>
readonly partial record struct ReadPathPlan(
    NativeReadPath Path, IPeerMemoryProvider Memory, string? Reason = null, bool MayFallBack = false);
