#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Registering reads the table during the call only, so a pinned span is enough.</summary>
public static unsafe class FileTableSetup
{
    public static void Register(io_uring* ring, ReadOnlySpan<int> descriptors)
    {
        fixed (int* table = descriptors)
        {
            int result = io_uring_register_files(ring, table, (uint)descriptors.Length);
            if (result < 0)
            {
                throw new IoUringException("io_uring_register_files", -result, "");
            }
        }
    }

    public static int ReadRegistered(
        io_uring* ring, int index, [KernelRetains(Until.Completion)] void* into, uint bytes)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, index, into, bytes, 0);
        sqe->flags |= (byte)IOSQE_FIXED_FILE;
        return io_uring_submit(ring);
    }

    public static bool Replace(io_uring* ring, int index, int descriptor)
    {
        int value = descriptor;
        return io_uring_register_files_update(ring, (uint)index, &value, 1) == 1;
    }
}
