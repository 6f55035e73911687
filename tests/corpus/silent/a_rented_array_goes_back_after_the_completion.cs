#nullable enable
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>ArrayPool: pinned while in flight, unpinned and returned when the completion was seen.</summary>
public static unsafe class Rented
{
    public static int Read(io_uring* ring, int fd, Span<byte> into)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(4096);
        GCHandle handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            handle.Free();
            ArrayPool<byte>.Shared.Return(array);
            return -Libc.EBUSY;
        }
        io_uring_prep_read(sqe, fd, (void*)handle.AddrOfPinnedObject(), 4096, 0);
        int result = io_uring_submit(ring);
        if (result < 1)
        {
            return result; // the entry is still in the queue: pinned and lost
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            return result; // pinned and lost: better than written under somebody else
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        handle.Free();
        if (count > 0)
        {
            array.AsSpan(0, Math.Min(count, into.Length)).CopyTo(into);
        }
        ArrayPool<byte>.Shared.Return(array);
        return count;
    }
}
