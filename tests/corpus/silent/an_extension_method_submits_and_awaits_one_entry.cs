#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

public static unsafe class RingExtensions
{
    public static int OrThrow(
        this int result, [CallerArgumentExpression(nameof(result))] string operation = "") =>
        result >= 0 ? result : throw new IoUringException(operation, -result, "");

    /// <summary>Everything queued is submitted, and the one completion is returned.</summary>
    [Completes]
    public static int Await(this ref io_uring ring)
    {
        fixed (io_uring* pointer = &ring)
        {
            io_uring_submit_and_wait(pointer, 1).OrThrow();
            io_uring_cqe* cqe;
            io_uring_peek_cqe(pointer, &cqe).OrThrow();
            int result = cqe->res;
            io_uring_cqe_seen(pointer, cqe);
            return result;
        }
    }
}

public static unsafe class RingExtensionsUser
{
    public static T ReadAt<T>(int fd, long offset)
        where T : unmanaged
    {
        io_uring ring = default;
        io_uring_queue_init(1, &ring, 0).OrThrow();
        T* value = (T*)NativeMemory.Alloc((nuint)sizeof(T));
        try
        {
            io_uring_prep_read(io_uring_get_sqe(&ring), fd, value, (uint)sizeof(T), (ulong)offset);
            int count = ring.Await().OrThrow();
            return count == sizeof(T) ? *value : throw new InvalidOperationException("short");
        }
        finally
        {
            io_uring_queue_exit(&ring);
            NativeMemory.Free(value);
        }
    }
}
