#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal static unsafe class Arms
{
    public static void Fill(io_uring_sqe* sqe, void* given, bool isOwn)
    {
        var page = new byte[64];
        sqe->off = 0;
        sqe->addr = isOwn ? {|NVG0007:(ulong)Unsafe.AsPointer(ref page[0])|} : 0;
    }
}
