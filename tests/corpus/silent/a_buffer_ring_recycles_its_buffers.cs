#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Provided buffers: given back to the ring after they were looked at.</summary>
public static unsafe class BufferRing
{
    private const int Count = 16;
    private const int Size = 2048;

    public static long Receive(io_uring* ring, int socket)
    {
        int error;
        io_uring_buf_ring* provided = io_uring_setup_buf_ring(ring, Count, 3, 0, &error);
        if (provided == null)
        {
            throw new IoUringException("io_uring_setup_buf_ring", -error, "");
        }
        byte* memory = (byte*)NativeMemory.Alloc(Count * Size);
        int mask = io_uring_buf_ring_mask(Count);
        for (int i = 0; i < Count; i++)
        {
            io_uring_buf_ring_add(provided, memory + i * Size, Size, (ushort)i, mask, i);
        }
        io_uring_buf_ring_advance(provided, Count);

        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_recv_multishot(sqe, socket, null, 0, 0);
        io_uring_sqe_set_flags(sqe, IOSQE_BUFFER_SELECT);
        io_uring_sqe_set_buf_group(sqe, 3);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        long sum = 0;
        bool isMore = true;
        while (isMore)
        {
            io_uring_cqe* cqe;
            int result = io_uring_wait_cqe(ring, &cqe);
            if (result == -Libc.EINTR)
            {
                continue;
            }
            if (result < 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            int count = cqe->res;
            isMore = (cqe->flags & IORING_CQE_F_MORE) != 0;
            if (count > 0 && (cqe->flags & IORING_CQE_F_BUFFER) != 0)
            {
                ushort id = (ushort)(cqe->flags >> 16);
                byte* bytes = memory + id * Size;
                for (int i = 0; i < count; i++)
                {
                    sum += bytes[i];
                }
                io_uring_buf_ring_add(provided, bytes, Size, id, mask, 0);
                io_uring_buf_ring_advance(provided, 1);
            }
            io_uring_cqe_seen(ring, cqe);
        }
        if (io_uring_free_buf_ring(ring, provided, Count, 3) == 0)
        {
            NativeMemory.Free(memory);
        }
        return sum;
    }
}
