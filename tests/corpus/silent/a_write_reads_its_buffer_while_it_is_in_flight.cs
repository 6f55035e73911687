#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>While a write is in flight its bytes may be read: a checksum is computed meanwhile.</summary>
public static unsafe class WriteAndHash
{
    public static (int Written, uint Checksum) Write(io_uring* ring, int fd, ReadOnlySpan<byte> data)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)data.Length);
        data.CopyTo(new Span<byte>(copy, data.Length));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(sqe, fd, copy, (uint)data.Length, 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        uint checksum = copy[0];
        for (int i = 1; i < data.Length; i++)
        {
            checksum = checksum * 16777619 ^ copy[i];
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int written = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        NativeMemory.Free(copy);
        return (written, checksum);
    }
}
