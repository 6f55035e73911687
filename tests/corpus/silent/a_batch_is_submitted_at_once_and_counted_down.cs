#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Many reads, one submit, one completion each.</summary>
public static unsafe class Batch
{
    public static int[] ReadAll(io_uring* ring, ReadOnlySpan<int> descriptors, int blockBytes)
    {
        byte* arena = (byte*)NativeMemory.Alloc((nuint)descriptors.Length, (nuint)blockBytes);
        int[] results = new int[descriptors.Length];
        int queued = 0;
        for (int i = 0; i < descriptors.Length; i++)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (sqe == null)
            {
                break;
            }
            io_uring_prep_read(sqe, descriptors[i], arena + (nint)i * blockBytes, (uint)blockBytes, 0);
            io_uring_sqe_set_data64(sqe, (ulong)i);
            queued++;
        }
        int left = queued;
        while (left > 0)
        {
            int result = io_uring_submit_and_wait(ring, (uint)left);
            if (result < 0 && result != -Libc.EINTR)
            {
                Environment.FailFast($"io_uring_submit_and_wait: {-result}");
            }
            uint seen = 0;
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
            {
                int index = (int)io_uring_cqe_get_data64(cqe);
                results[index] = cqe->res;
                seen++;
            }
            io_uring_cq_advance(ring, seen);
            left -= (int)seen;
        }
        NativeMemory.Free(arena);
        return results;
    }
}
