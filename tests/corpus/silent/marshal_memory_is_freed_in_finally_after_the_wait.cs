#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Marshal.AllocHGlobal with try and finally around the whole operation.</summary>
public static unsafe class MarshalMemory
{
    public static string ReadText(io_uring* ring, int fd)
    {
        nint memory = Marshal.AllocHGlobal(1024);
        try
        {
            int count = ReadFully(ring, fd, memory, 1024);
            return Encoding.UTF8.GetString((byte*)memory, count);
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    /// <summary>Nothing is in flight when this returns or throws.</summary>
    private static int ReadFully(io_uring* ring, int fd, nint target, int length)
    {
        int filled = 0;
        while (filled < length)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (sqe == null)
            {
                throw new InvalidOperationException("The submission queue is full.");
            }
            io_uring_prep_read(sqe, fd, (void*)(target + filled), (uint)(length - filled), (ulong)filled);
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
            if (count < 0)
            {
                throw new IoUringException("IORING_OP_READ", -count, "");
            }
            if (count == 0)
            {
                break;
            }
            filled += count;
        }
        return filled;
    }
}
