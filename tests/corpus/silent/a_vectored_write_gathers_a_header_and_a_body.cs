#nullable enable
using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Two vectors on the stack over two fixed arrays, waited for inside the fixed statement.</summary>
public static unsafe class FrameWriter
{
    public static void Write(io_uring* ring, int fd, ReadOnlyMemory<byte> body)
    {
        byte[] header = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(header, body.Length);
        fixed (byte* head = header)
        fixed (byte* tail = body.Span)
        {
            iovec* vectors = stackalloc iovec[2];
            vectors[0].iov_base = head;
            vectors[0].iov_len = (nuint)header.Length;
            vectors[1].iov_base = tail;
            vectors[1].iov_len = (nuint)body.Length;
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_writev(sqe, fd, vectors, 2, unchecked((ulong)-1L));
            if (io_uring_submit(ring) != 1)
            {
                Environment.FailFast("io_uring_submit");
            }
            io_uring_cqe* cqe;
            int error;
            while ((error = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
            {
                continue;
            }
            if (error != 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            int written = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            if (written < header.Length + body.Length)
            {
                throw new IoUringException("IORING_OP_WRITEV", written < 0 ? -written : 5, "");
            }
        }
    }
}
