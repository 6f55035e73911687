#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>recvmsg keeps header and ranges until the completion: all in one allocation.</summary>
public static unsafe class ReceiveMessage
{
    private struct Block
    {
        public msghdr Header;
        public iovec Range;
        public fixed byte Name[28];
        public fixed byte Data[1024];
    }

    public static int Receive(io_uring* ring, int socket, Span<byte> into)
    {
        var block = (Block*)NativeMemory.AllocZeroed((nuint)sizeof(Block));
        block->Range.iov_base = block->Data;
        block->Range.iov_len = 1024;
        block->Header.msg_name = block->Name;
        block->Header.msg_namelen = 28;
        block->Header.msg_iov = &block->Range;
        block->Header.msg_iovlen = 1;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_recvmsg(sqe, socket, &block->Header, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        if (count > 0)
        {
            new ReadOnlySpan<byte>(block->Data, Math.Min(count, into.Length)).CopyTo(into);
        }
        NativeMemory.Free(block);
        return count;
    }
}
