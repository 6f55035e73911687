#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>GC.AllocateArray(pinned: true) does not move; the field keeps it alive.</summary>
public sealed unsafe class PinnedHeap
{
    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(4096, pinned: true);

    public int Read(io_uring* ring, int fd)
    {
        void* address = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_block, 0);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, address, (uint)_block.Length, 0);
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
        GC.KeepAlive(_block);
        return count > 0 ? _block[count - 1] : count;
    }
}
