#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Embedding rows: one read per row straight into the row's place of a pinned result.</summary>
public static unsafe class RowGather
{
    public static float[] Gather(io_uring* ring, int fd, ReadOnlySpan<int> rows, int columns)
    {
        float[] result = GC.AllocateUninitializedArray<float>(rows.Length * columns, pinned: true);
        uint rowBytes = (uint)(columns * sizeof(float));
        float* first = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(result, 0);
        int queued = 0;
        int done = 0;
        Exception? failure = null;
        while (done < rows.Length)
        {
            while (queued < rows.Length)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                if (sqe == null)
                {
                    break;
                }
                io_uring_prep_read(
                    sqe, fd, first + (long)queued * columns, rowBytes, (ulong)rows[queued] * rowBytes);
                io_uring_sqe_set_data64(sqe, (ulong)queued++);
            }
            int got = io_uring_submit_and_wait(ring, 1);
            if (got < 0 && got != -Libc.EINTR)
            {
                Environment.FailFast("io_uring_submit_and_wait");
            }
            uint seen = 0;
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
            {
                if (cqe->res != (int)rowBytes)
                {
                    failure ??= new InvalidOperationException($"Row {rows[(int)cqe->user_data]}: {cqe->res}");
                }
                seen++;
            }
            io_uring_cq_advance(ring, seen);
            done += (int)seen;
        }
        GC.KeepAlive(result);
        return failure is null ? result : throw failure;
    }
}
