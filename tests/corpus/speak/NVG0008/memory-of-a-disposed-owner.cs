#nullable enable
using System.Buffers;
using NvmeGpu;

internal static class OwnerGone
{
    public static int Length()
    {
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(64);
        owner.Dispose();
        return {|NVG0008:owner|}.Memory.Length;
    }
}
