#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal static unsafe class WeakPin
{
    public static void Fill(io_uring_sqe* sqe)
    {
        var page = new byte[64];
        GCHandle handle = GCHandle.Alloc(page, GCHandleType.Normal);
        sqe->addr = {|NVG0007:(ulong)GCHandle.ToIntPtr(handle)|};
    }
}
