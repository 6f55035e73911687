#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>catch frees what no operation has seen, and throws on.</summary>
public static unsafe class CatchAndThrow
{
    public static byte* Prepare(int length, Action<nint> fill)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
        try
        {
            fill((nint)memory);
        }
        catch
        {
            NativeMemory.AlignedFree(memory);
            throw;
        }
        return memory;
    }

    public static int Write(io_uring* ring, int fd, int length)
    {
        byte* memory = Prepare(length, address => new Span<byte>((void*)address, length).Fill(1));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(sqe, fd, memory, (uint)length, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int written = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        NativeMemory.AlignedFree(memory);
        return written;
    }
}
