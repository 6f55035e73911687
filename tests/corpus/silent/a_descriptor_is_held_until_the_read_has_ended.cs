#nullable enable
using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>DangerousAddRef before, DangerousRelease after the completion.</summary>
public static unsafe class HeldDescriptor
{
    public static int Read(io_uring* ring, SafeFileHandle file, Span<byte> into)
    {
        bool isHeld = false;
        byte* buffer = (byte*)NativeMemory.Alloc((nuint)into.Length);
        try
        {
            file.DangerousAddRef(ref isHeld);
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, (int)file.DangerousGetHandle(), buffer, (uint)into.Length, 0);
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
            new ReadOnlySpan<byte>(buffer, Math.Max(count, 0)).CopyTo(into);
            return count;
        }
        finally
        {
            NativeMemory.Free(buffer);
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }
}
