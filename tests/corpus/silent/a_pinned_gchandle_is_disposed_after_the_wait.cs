#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>.NET 10's PinnedGCHandle with a using that ends after the wait.</summary>
public static unsafe class PinnedHandle
{
    public static int Write(io_uring* ring, int fd, byte[] text)
    {
        using var pin = new PinnedGCHandle<byte[]>(text);
        int written = 0;
        while (written < text.Length)
        {
            byte* first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pin.Target));
            int count = WriteOnce(ring, fd, first + written, text.Length - written);
            if (count <= 0)
            {
                return count;
            }
            written += count;
        }
        return written;
    }

    /// <summary>Returns when the kernel has let go.</summary>
    private static int WriteOnce(io_uring* ring, int fd, byte* bytes, int length)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(sqe, fd, bytes, (uint)length, ulong.MaxValue);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        int result;
        do
        {
            result = io_uring_wait_cqe(ring, &cqe);
        }
        while (result == -Libc.EINTR);
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return count;
    }
}
