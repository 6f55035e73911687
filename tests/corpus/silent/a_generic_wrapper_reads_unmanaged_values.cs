#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>where T : unmanaged, native memory for one T.</summary>
public static unsafe class TypedRead
{
    public static bool TryRead<T>(io_uring* ring, int fd, ulong offset, out T value)
        where T : unmanaged
    {
        T* memory = (T*)NativeMemory.Alloc((nuint)sizeof(T));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, memory, (uint)sizeof(T), offset);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        bool isWhole = count == sizeof(T);
        value = isWhole ? *memory : default;
        NativeMemory.Free(memory);
        return isWhole;
    }

    public static long LengthOfHeader(io_uring* ring, int fd) =>
        TryRead(ring, fd, 8, out long length) ? length : -1;
}
