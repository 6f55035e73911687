#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class PinnedHeap
{
    public static void Fill(io_uring_sqe* sqe, int file)
    {
        byte[] page = GC.AllocateArray<byte>(4096, pinned: true);
        for (int i = 0; i < page.Length; i++)
        {
            page[i] = 0xff;
        }
        void* start = Unsafe.AsPointer(ref page[0]);
        SubmissionEntry.ReadFixed(out *sqe, file, {|NVG0006:start|}, (uint)page.Length, 0, 0, 1);
    }
}
