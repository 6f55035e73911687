#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class FinallyTag
{
    public static void Wake(io_uring* ring)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_nop(sqe);
        int submitted = io_uring_submit(ring);
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(submitted, 1);
        }
        finally
        {
            {|NVG0012:sqe->user_data|} = 7;
        }
    }
}
