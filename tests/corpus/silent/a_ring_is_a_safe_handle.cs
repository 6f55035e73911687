#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The ring's struct lives in native memory behind a SafeHandle; callers add a reference.</summary>
public sealed unsafe class RingHandle : SafeHandle
{
    public RingHandle(uint entries)
        : base(0, ownsHandle: true)
    {
        var ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(entries, ring, IORING_SETUP_CLAMP);
        if (result < 0)
        {
            NativeMemory.Free(ring);
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        SetHandle((nint)ring);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        var ring = (io_uring*)handle;
        io_uring_queue_exit(ring);
        NativeMemory.Free(ring);
        return true;
    }

    public void Fsync(int fd)
    {
        bool isAdded = false;
        try
        {
            DangerousAddRef(ref isAdded);
            var ring = (io_uring*)DangerousGetHandle();
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_fsync(sqe, fd, IORING_FSYNC_DATASYNC);
            int result = io_uring_submit_and_wait(ring, 1);
            if (result < 0)
            {
                throw new IoUringException("io_uring_submit_and_wait", -result, "");
            }
            io_uring_cqe* cqe;
            if (io_uring_peek_cqe(ring, &cqe) == 0)
            {
                result = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                if (result < 0)
                {
                    throw new IoUringException("IORING_OP_FSYNC", -result, "");
                }
            }
        }
        finally
        {
            if (isAdded)
            {
                DangerousRelease();
            }
        }
    }
}
