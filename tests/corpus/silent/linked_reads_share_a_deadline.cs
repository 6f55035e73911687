#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>open, read, close as one chain on a direct descriptor; the timeout covers the read.</summary>
public static unsafe class OpenReadClose
{
    public static int Run(io_uring* ring, string path, Span<byte> into)
    {
        int result = io_uring_register_files_sparse(ring, 1);
        if (result < 0)
        {
            throw new IoUringException("io_uring_register_files_sparse", -result, "");
        }
        nint name = Marshal.StringToCoTaskMemUTF8(path);
        byte* buffer = (byte*)NativeMemory.Alloc((nuint)into.Length);
        var limit = (__kernel_timespec*)NativeMemory.AllocZeroed((nuint)sizeof(__kernel_timespec));
        limit->tv_sec = 2;

        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_openat_direct(sqe, Libc.AT_FDCWD, (sbyte*)name, Libc.O_RDONLY, 0, 0);
        sqe->user_data = 1;
        io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);

        sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, 0, buffer, (uint)into.Length, 0);
        sqe->user_data = 2;
        io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE | IOSQE_IO_LINK);

        sqe = io_uring_get_sqe(ring);
        io_uring_prep_link_timeout(sqe, limit, 0);
        sqe->user_data = 3;
        io_uring_sqe_set_flags(sqe, IOSQE_IO_HARDLINK);

        sqe = io_uring_get_sqe(ring);
        io_uring_prep_close_direct(sqe, 0);
        sqe->user_data = 4;

        int outstanding = 4;
        int count = -Libc.EIO;
        for (int submitted = 0; submitted < 4;)
        {
            result = io_uring_submit(ring);
            if (result < 0)
            {
                Environment.FailFast("io_uring_submit");
            }
            submitted += result;
        }
        while (outstanding > 0)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) != 0)
            {
                continue;
            }
            switch (cqe->user_data)
            {
                case 2:
                    count = cqe->res;
                    break;
                case 1 when cqe->res < 0:
                    count = cqe->res;
                    break;
            }
            io_uring_cqe_seen(ring, cqe);
            outstanding--;
        }
        if (count > 0)
        {
            new Span<byte>(buffer, count).CopyTo(into);
        }
        NativeMemory.Free(limit);
        NativeMemory.Free(buffer);
        Marshal.FreeCoTaskMem(name);
        return count;
    }
}
