#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Fallback
{
    public static void Fill(io_uring_sqe* sqe, int file, RegisteredRegion region, bool isSmall)
    {
        SubmissionEntry.ReadFixed(
            out *sqe,
            file,
            isSmall ? {|NVG0006:NativeMemory.Alloc(512)|} : (void*)region.Address,
            512,
            0,
            0,
            1);
    }
}
