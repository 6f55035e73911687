#nullable enable
using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A managed path as UTF-8 in native memory, freed after the open's completion.</summary>
public static unsafe class OpenByPath
{
    public static SafeFileHandle Open(io_uring* ring, string path)
    {
        byte* text = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_openat(sqe, Libc.AT_FDCWD, (sbyte*)text, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int fd = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        Marshal.FreeCoTaskMem((nint)text);
        return fd >= 0
            ? new SafeFileHandle(fd, ownsHandle: true)
            : throw new IoUringException("IORING_OP_OPENAT", -fd, path);
    }
}
