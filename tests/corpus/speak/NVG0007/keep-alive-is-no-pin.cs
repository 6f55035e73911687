#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class KeptAlive
{
    public static void Fill(io_uring_sqe* sqe, int fd)
    {
        var page = new byte[512];
        void* start = Unsafe.AsPointer(ref page[0]);
        SubmissionEntry.Read(out *sqe, fd, {|NVG0007:start|}, 512, 0, userData: 1);
        GC.KeepAlive(page);
    }
}
