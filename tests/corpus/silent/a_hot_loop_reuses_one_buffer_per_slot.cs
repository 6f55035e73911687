#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Fixed arrays on the stack frame of the loop hold addresses of native memory only.</summary>
public static unsafe class HotLoop
{
    [InlineArray(8)]
    private struct Slots
    {
        private nint _first;
    }

    public static long Run(io_uring* ring, int fd, long blocks)
    {
        Slots slots = default;
        for (int i = 0; i < 8; i++)
        {
            slots[i] = (nint)NativeMemory.AlignedAlloc(4096, 4096);
        }
        long done = 0;
        long next = 0;
        long bytes = 0;
        while (done < blocks)
        {
            while (next < blocks && next - done < 8)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, fd, (void*)slots[(int)(next % 8)], 4096, (ulong)next * 4096);
                sqe->user_data = (ulong)next;
                next++;
            }
            int result = io_uring_submit_and_wait(ring, (uint)(next - done));
            if (result < 0 && result != -Libc.EINTR)
            {
                Environment.FailFast("io_uring_submit_and_wait");
            }
            io_uring_cqe* cqe;
            while (io_uring_peek_cqe(ring, &cqe) == 0)
            {
                bytes += cqe->res == 4096 ? 4096 : Math.Max(cqe->res, 0);
                io_uring_cqe_seen(ring, cqe);
                done++;
            }
        }
        for (int i = 0; i < 8; i++)
        {
            NativeMemory.AlignedFree((void*)slots[i]);
        }
        return bytes;
    }
}
