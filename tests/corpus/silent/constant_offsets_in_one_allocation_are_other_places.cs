#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The first page is looked at while the second page of the same allocation is read into.</summary>
public static unsafe class TwoPages
{
    public static int Run(io_uring* ring, int fd)
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed(8192);
        memory[0] = 7;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, memory + 4096, 4096, 0);
        int submitted = io_uring_submit(ring);
        if (submitted != 1)
        {
            throw new IoUringException("io_uring_submit", -submitted, ""); // leaked: nobody knows who has it
        }
        int first = memory[0];
        io_uring_cqe* cqe;
        int waited = io_uring_wait_cqe(ring, &cqe);
        if (waited < 0)
        {
            throw new IoUringException("io_uring_wait_cqe", -waited, "");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        int last = count > 0 ? memory[4096 + count - 1] : -1;
        NativeMemory.Free(memory);
        return first + last;
    }
}
