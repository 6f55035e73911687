#nullable enable
namespace NvmeGpu;

/// <summary>An extent as the filesystem reports it (<c>struct fiemap_extent</c>).</summary>
/// <param name="OffsetBytes">Where in the file.</param>
/// <param name="PhysicalBytes">Where on the filesystem's device.</param>
/// <param name="LengthBytes">How long.</param>
/// <param name="Flags">FIEMAP_EXTENT_*.</param>
readonly partial record struct RawExtent(
    ulong OffsetBytes, ulong PhysicalBytes, ulong LengthBytes, uint Flags);
