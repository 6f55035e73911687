#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Read into one page-locked buffer while the one before is copied up and the third is
/// drained.</summary>
public static unsafe class TripleBuffer
{
    private const int Count = 3;
    private const int Bytes = 1 << 20;

    public static void Load(CudaFunctions cuda, io_uring* ring, int fd, ulong device, long length)
    {
        void** host = stackalloc void*[Count];
        CUstream_st** streams = stackalloc CUstream_st*[Count];
        for (int i = 0; i < Count; i++)
        {
            Check(cuda.cuMemHostAlloc(&host[i], Bytes, 0));
            Check(cuda.cuStreamCreate(&streams[i], 1));
        }
        try
        {
            int turn = 0;
            for (long offset = 0; offset < length; offset += Bytes, turn = (turn + 1) % Count)
            {
                Check(cuda.cuStreamSynchronize(streams[turn]));
                int wanted = (int)Math.Min(Bytes, length - offset);
                int got = ReadFully(ring, fd, (byte*)host[turn], wanted, offset);
                Check(cuda.cuMemcpyHtoDAsync(device + (ulong)offset, host[turn], (nuint)got, streams[turn]));
            }
        }
        finally
        {
            for (int i = 0; i < Count; i++)
            {
                Check(cuda.cuStreamSynchronize(streams[i]));
                Check(cuda.cuStreamDestroy(streams[i]));
                Check(cuda.cuMemFreeHost(host[i]));
            }
        }
    }

    private static int ReadFully(io_uring* ring, int fd, byte* into, int wanted, long offset)
    {
        int filled = 0;
        while (filled < wanted)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, into + filled, (uint)(wanted - filled), (ulong)(offset + filled));
            if (io_uring_submit(ring) != 1)
            {
                throw new InvalidOperationException("io_uring_submit");
            }
            io_uring_cqe* cqe;
            int result;
            while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
            {
            }
            if (result < 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            int got = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            if (got == 0)
            {
                break;
            }
            filled += got > 0 ? got : throw new IoUringException("IORING_OP_READ", -got, "");
        }
        return filled;
    }

    private static void Check(CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
