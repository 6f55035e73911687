#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A growing buffer between reads: nothing is in flight when it grows.</summary>
public static unsafe class GrowingRead
{
    public static byte[] ReadToEnd(io_uring* ring, int fd)
    {
        nuint capacity = 4096;
        nuint length = 0;
        byte* memory = (byte*)NativeMemory.Alloc(capacity);
        while (true)
        {
            if (length == capacity)
            {
                capacity *= 2;
                memory = (byte*)NativeMemory.Realloc(memory, capacity);
            }
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, memory + length, (uint)(capacity - length), length);
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
            if (count <= 0)
            {
                break;
            }
            length += (nuint)count;
        }
        byte[] result = new ReadOnlySpan<byte>(memory, (int)length).ToArray();
        NativeMemory.Free(memory);
        return result;
    }
}
