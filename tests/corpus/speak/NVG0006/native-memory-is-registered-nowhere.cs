#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Unregistered
{
    public static void Fill(io_uring_sqe* sqe, int file)
    {
        void* block = NativeMemory.AlignedAlloc(4096, 4096);
        SubmissionEntry.ReadFixed(out *sqe, file, {|NVG0006:block|}, 4096, 0, bufferIndex: 0, userData: 1);
    }
}
