#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Each request begins as a read and is queued again as the write of what was read.</summary>
public static unsafe class QueuedCopy
{
    private const int Depth = 32;
    private const int BlockBytes = 32 << 10;

    private struct Request
    {
        public bool IsRead;
        public long FirstOffset;
        public long Offset;
        public nuint FirstLength;
        public iovec Vector;
    }

    public static void Copy(int from, int to, long length)
    {
        io_uring ring;
        Check("io_uring_queue_init", io_uring_queue_init(Depth, &ring, 0));
        long toRead = length;
        long toWrite = length;
        long offset = 0;
        int reads = 0;
        int writes = 0;
        while (toRead > 0 || toWrite > 0)
        {
            int before = reads;
            while (toRead > 0 && reads + writes < Depth)
            {
                long wanted = Math.Min(toRead, BlockBytes);
                if (!QueueRead(&ring, from, wanted, offset))
                {
                    break;
                }
                toRead -= wanted;
                offset += wanted;
                reads++;
            }
            if (before != reads)
            {
                Check("io_uring_submit", io_uring_submit(&ring));
            }
            bool isFirst = true;
            while (toWrite > 0)
            {
                io_uring_cqe* cqe = null;
                int result;
                if (isFirst)
                {
                    result = io_uring_wait_cqe(&ring, &cqe);
                    isFirst = false;
                }
                else
                {
                    result = io_uring_peek_cqe(&ring, &cqe);
                    if (result == -Libc.EAGAIN)
                    {
                        break;
                    }
                }
                Check("io_uring_wait_cqe", result);
                var request = (Request*)io_uring_cqe_get_data(cqe);
                if (cqe->res < 0)
                {
                    if (cqe->res == -Libc.EAGAIN)
                    {
                        Prepare(&ring, request, request->IsRead ? from : to);
                        io_uring_cqe_seen(&ring, cqe);
                        continue;
                    }
                    Check("IORING_OP_READV", cqe->res);
                }
                if ((nuint)cqe->res != request->Vector.iov_len)
                {
                    // Short: the rest is queued again.
                    request->Vector.iov_base = (byte*)request->Vector.iov_base + cqe->res;
                    request->Vector.iov_len -= (nuint)cqe->res;
                    request->Offset += cqe->res;
                    Prepare(&ring, request, request->IsRead ? from : to);
                    io_uring_cqe_seen(&ring, cqe);
                    continue;
                }
                io_uring_cqe_seen(&ring, cqe);
                if (request->IsRead)
                {
                    request->IsRead = false;
                    request->Offset = request->FirstOffset;
                    request->Vector.iov_base = request + 1;
                    request->Vector.iov_len = request->FirstLength;
                    Prepare(&ring, request, to);
                    Check("io_uring_submit", io_uring_submit(&ring));
                    reads--;
                    writes++;
                }
                else
                {
                    toWrite -= (long)request->FirstLength;
                    NativeMemory.Free(request);
                    writes--;
                }
            }
        }
        io_uring_queue_exit(&ring);
    }

    private static bool QueueRead(io_uring* ring, int fd, long length, long offset)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return false;
        }
        var request = (Request*)NativeMemory.Alloc((nuint)(sizeof(Request) + length));
        request->IsRead = true;
        request->FirstOffset = request->Offset = offset;
        request->Vector.iov_base = request + 1;
        request->Vector.iov_len = request->FirstLength = (nuint)length;
        io_uring_prep_readv(sqe, fd, &request->Vector, 1, (ulong)offset);
        io_uring_sqe_set_data(sqe, request);
        return true;
    }

    private static void Prepare(io_uring* ring, [KernelRetains(Until.Completion)] Request* request, int fd)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            throw new InvalidOperationException("No entry is free.");
        }
        if (request->IsRead)
        {
            io_uring_prep_readv(sqe, fd, &request->Vector, 1, (ulong)request->Offset);
        }
        else
        {
            io_uring_prep_writev(sqe, fd, &request->Vector, 1, (ulong)request->Offset);
        }
        io_uring_sqe_set_data(sqe, request);
    }

    private static void Check(string operation, int result)
    {
        if (result < 0)
        {
            throw new IoUringException(operation, -result, "");
        }
    }
}
