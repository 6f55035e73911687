#nullable enable
using System;
using System.Buffers;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>MemoryPool: pinned, read, unpinned, returned, in that order, by using declarations.</summary>
public static unsafe class OwnedMemory
{
    public static int Read(io_uring* ring, int fd, IBufferWriter<byte> output)
    {
        using IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(8192);
        using MemoryHandle pin = owner.Memory.Pin();
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -Libc.EBUSY;
        }
        io_uring_prep_read(sqe, fd, pin.Pointer, 8192, 0);
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
        if (count > 0)
        {
            output.Write(owner.Memory.Span[..count]);
        }
        return count;
    }
}
