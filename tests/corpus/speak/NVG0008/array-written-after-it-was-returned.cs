#nullable enable
using System.Buffers;
using NvmeGpu;

internal static class Pooled
{
    public static void Fill(byte value)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(64);
        ArrayPool<byte>.Shared.Return(rented);
        {|NVG0008:rented|}[0] = value;
    }
}
