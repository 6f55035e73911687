#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The futex word is the kernel's until the wait's completion.</summary>
public static unsafe class FutexWait
{
    public static int WaitUntilChanged(io_uring* ring, Action<nint> publish)
    {
        uint* word = (uint*)NativeMemory.AllocZeroed(sizeof(uint));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_futex_wait(sqe, word, 0, uint.MaxValue, 2, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        publish((nint)word);
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        NativeMemory.Free(word);
        return result;
    }
}
