#nullable enable
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>An address that was taken from an owner, and the owner referred to after the last use.</summary>
public static unsafe class KeptAlive
{
    public static int Fill(io_uring* ring, int fd)
    {
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, (void*)buffer.Address, 4096, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        int value = count > 0 ? *(byte*)buffer.Address : -1;
        GC.KeepAlive(buffer);
        return value;
    }

    public static int Descriptor(SafeFileHandle file)
    {
        bool isAdded = false;
        try
        {
            file.DangerousAddRef(ref isAdded);
            return Libc.fcntl((int)file.DangerousGetHandle(), Libc.F_GETFL, 0);
        }
        finally
        {
            if (isAdded)
            {
                file.DangerousRelease();
            }
        }
    }
}
