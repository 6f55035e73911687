#nullable enable
using System.Buffers;
using NvmeGpu;

internal static class BehindUsing
{
    public static int Length()
    {
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(64);
        using (owner)
        {
            owner.Memory.Span.Clear();
        }
        return {|NVG0008:owner|}.Memory.Length;
    }
}
