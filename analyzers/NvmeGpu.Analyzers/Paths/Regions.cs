using Microsoft.CodeAnalysis.FlowAnalysis;

namespace NvmeGpu.Analyzers.Paths;

internal static class Regions
{
    /// <summary>
    /// The region itself, or null when it is its graph's root or none. The root of a lambda's graph has an
    /// enclosing region as well: that of the method around it, whose numbers of blocks mean nothing in the
    /// lambda's.
    /// </summary>
    public static ControlFlowRegion? BelowRoot(this ControlFlowRegion? region) =>
        region is { Kind: ControlFlowRegionKind.Root } ? null : region;
}
