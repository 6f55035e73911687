#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>As in C: a struct per operation in native memory, with its buffer behind it.</summary>
public static unsafe class NativeOperations
{
    private struct Operation
    {
        public int Fd;
        public int Length;
        public ulong Offset;
    }

    public static void Begin(io_uring* ring, int fd, int length, ulong offset)
    {
        var operation = (Operation*)NativeMemory.Alloc((nuint)(sizeof(Operation) + length));
        operation->Fd = fd;
        operation->Length = length;
        operation->Offset = offset;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            NativeMemory.Free(operation);
            throw new InvalidOperationException("The submission queue is full.");
        }
        io_uring_prep_read(sqe, fd, operation + 1, (uint)length, offset);
        io_uring_sqe_set_data(sqe, operation);
    }

    public static int End(io_uring* ring, Span<byte> into)
    {
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(ring, &cqe);
        if (result < 0)
        {
            return result;
        }
        var operation = (Operation*)io_uring_cqe_get_data(cqe);
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        if (count > 0)
        {
            new ReadOnlySpan<byte>(operation + 1, Math.Min(count, into.Length)).CopyTo(into);
        }
        NativeMemory.Free(operation);
        return count;
    }
}
