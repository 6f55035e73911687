#nullable enable
namespace NvmeGpu;

/// <summary>
/// Tries whether a source's drive reaches the slots, by reading into one that is free. Replaceable, so that
/// drivers can be tested without such a drive.
/// </summary>
/// <param name="slots">The slots' memory.</param>
/// <param name="startBytes">Where the free slot begins.</param>
/// <param name="slotSizeBytes">Its bytes; they are overwritten.</param>
/// <param name="source">Has a namespace, or a handle opened with O_DIRECT.</param>
#if !NVMEGPU_PUBLIC
[Microsoft.CodeAnalysis.Embedded]
#endif
delegate (CapabilityOutcome Outcome, string Detail) SlotTrial(
    GpuMappedBuffer slots, long startBytes, int slotSizeBytes, OpenSource source);
