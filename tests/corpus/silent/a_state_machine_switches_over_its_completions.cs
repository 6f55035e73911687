#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>open, read, close: one switch over the step, one operation at a time.</summary>
public static unsafe class OpenReadClose
{
    private enum Step
    {
        Open = 1,
        Read = 2,
        Close = 3,
    }

    public static byte[] Load(io_uring* ring, string path, int length)
    {
        nint name = Marshal.StringToCoTaskMemUTF8(path);
        byte* data = (byte*)NativeMemory.Alloc((nuint)length);
        byte[] loaded = [];
        int fd = -1;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_openat(sqe, Libc.AT_FDCWD, (sbyte*)name, Libc.O_CLOEXEC, 0);
        sqe->user_data = (ulong)Step.Open;
        for (bool isRunning = true; isRunning;)
        {
            int result = io_uring_submit_and_wait(ring, 1);
            if (result == -Libc.EINTR)
            {
                continue;
            }
            io_uring_cqe* cqe;
            if (result < 0 || io_uring_peek_cqe(ring, &cqe) != 0)
            {
                Environment.FailFast("the ring does not answer");
                return loaded;
            }
            var step = (Step)cqe->user_data;
            int value = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            switch (step)
            {
                case Step.Open when value >= 0:
                    fd = value;
                    sqe = io_uring_get_sqe(ring);
                    io_uring_prep_read(sqe, fd, data, (uint)length, 0);
                    sqe->user_data = (ulong)Step.Read;
                    break;
                case Step.Read:
                    loaded = value > 0 ? new ReadOnlySpan<byte>(data, value).ToArray() : [];
                    sqe = io_uring_get_sqe(ring);
                    io_uring_prep_close(sqe, fd);
                    sqe->user_data = (ulong)Step.Close;
                    break;
                default:
                    isRunning = false;
                    break;
            }
        }
        NativeMemory.Free(data);
        Marshal.FreeCoTaskMem(name);
        return loaded;
    }
}
