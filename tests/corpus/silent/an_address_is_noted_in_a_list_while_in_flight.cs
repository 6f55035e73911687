#nullable enable
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A collection of integers takes the address, not the bytes behind it.</summary>
public static unsafe class Notes
{
    public static void Begin(io_uring* ring, int fd, Dictionary<ulong, nint> busy, List<nint> all)
    {
        nint buffer = Marshal.AllocHGlobal(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, (void*)buffer, 4096, 0);
        sqe->user_data = 1;
        all.Add(buffer);
        busy.Add(1, buffer);
    }

    public static void Queue(io_uring* ring, int fd, Queue<nint> waiting)
    {
        nint buffer = (nint)NativeMemory.Alloc(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, (void*)buffer, 4096, 0);
        waiting.Enqueue(buffer);
    }
}
