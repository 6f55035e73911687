#nullable enable
// Museum row 20: https://github.com/kvcache-ai/Mooncake/issues/3066 (C++)
// A batch read queues one entry per piece and returns an error when the queue is full, with the entries so
// far still queued. The next batch submits them too, takes any completion for one of its own and adds its
// bytes, so a short batch looks complete: silently wrong cache contents. The ring belongs to the thread, the
// count to a helper.
// missed: that a completion belongs to an earlier batch is not visible; nothing names the operation
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal unsafe struct ReadDescription(void* address, uint lengthBytes, ulong offsetBytes)
{
    public readonly void* Address = address;
    public readonly uint LengthBytes = lengthBytes;
    public readonly ulong OffsetBytes = offsetBytes;
}

internal sealed unsafe class SharedRing
{
    private const int QueueDepth = 32;
    private readonly io_uring* _ring;

    public SharedRing(io_uring* ring) => _ring = ring;

    public long ReadBatch(int fd, ReadDescription[] descriptions)
    {
        long totalBytes = 0;
        for (int first = 0; first < descriptions.Length; first += QueueDepth)
        {
            int batch = Math.Min(QueueDepth, descriptions.Length - first);
            for (int i = 0; i < batch; i++)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(_ring);
                if (sqe == null)
                {
                    return -1;
                }
                ReadDescription one = descriptions[first + i];
                io_uring_prep_read(sqe, fd, one.Address, one.LengthBytes, one.OffsetBytes);
            }
            long bytes = Collect((uint)batch);
            if (bytes < 0)
            {
                return bytes;
            }
            totalBytes += bytes;
        }
        return totalBytes;
    }

    private long Collect(uint expected)
    {
        if (io_uring_submit_and_wait(_ring, expected) < 0)
        {
            return -1;
        }
        long totalBytes = 0;
        bool hasFailed = false;
        uint count = 0;
        foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(_ring))
        {
            hasFailed |= cqe->res < 0;
            totalBytes += Math.Max(0, cqe->res);
            count++;
        }
        io_uring_cq_advance(_ring, count);
        return hasFailed ? -1 : totalBytes;
    }
}
