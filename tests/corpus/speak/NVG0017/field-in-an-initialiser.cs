#nullable enable
using NvmeGpu.Contracts;

internal struct Extent
{
    [Aligned(4096)]
    public long OffsetBytes;

    public int Count;
}

internal static class Extents
{
    public static Extent[] Make() =>
    [
        new Extent { OffsetBytes = 8192, Count = 1 },
        new Extent { OffsetBytes = {|NVG0017:8200|}, Count = 2 },
    ];
}
