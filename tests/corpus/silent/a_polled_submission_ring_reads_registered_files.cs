#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>liburing's SQPOLL tutorial by heart: write, then read back, on a registered file.</summary>
public static unsafe class PolledRoundTrip
{
    public static string Run(int fd, string text)
    {
        io_uring ring;
        io_uring_params parameters;
        NativeMemory.Clear(&parameters, (nuint)sizeof(io_uring_params));
        parameters.flags |= IORING_SETUP_SQPOLL;
        parameters.sq_thread_idle = 2000;
        int result = io_uring_queue_init_params(8, &ring, &parameters);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init_params", -result, "");
        }
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte* written = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        byte* read = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        try
        {
            result = io_uring_register_files(&ring, &fd, 1);
            if (result < 0)
            {
                throw new IoUringException("io_uring_register_files", -result, "");
            }
            Marshal.Copy(bytes, 0, (nint)written, bytes.Length);

            io_uring_sqe* sqe = io_uring_get_sqe(&ring);
            io_uring_prep_write(sqe, 0, written, (uint)bytes.Length, 0);
            sqe->flags |= (byte)IOSQE_FIXED_FILE;
            Complete(&ring, bytes.Length);

            sqe = io_uring_get_sqe(&ring);
            io_uring_prep_read(sqe, 0, read, (uint)bytes.Length, 0);
            sqe->flags |= (byte)IOSQE_FIXED_FILE;
            Complete(&ring, bytes.Length);
            return Encoding.UTF8.GetString(read, bytes.Length);
        }
        finally
        {
            io_uring_queue_exit(&ring);
            NativeMemory.Free(read);
            NativeMemory.Free(written);
        }
    }

    private static void Complete(io_uring* ring, int expected)
    {
        io_uring_submit(ring);
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(ring, &cqe);
        if (result < 0)
        {
            throw new IoUringException("io_uring_wait_cqe", -result, "");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        if (count != expected)
        {
            throw new InvalidOperationException($"{count} of {expected} bytes");
        }
    }
}
