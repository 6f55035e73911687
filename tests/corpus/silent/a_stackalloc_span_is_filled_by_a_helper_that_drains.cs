#nullable enable
using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The helper pins the caller's span and waits before it returns.</summary>
public static unsafe class HeaderReader
{
    public static (ushort Version, uint Count) Read(io_uring* ring, int fd)
    {
        Span<byte> header = stackalloc byte[16];
        int got = Fill(ring, fd, header, 0);
        if (got < header.Length || BinaryPrimitives.ReadUInt32BigEndian(header) != 0x4E564D45)
        {
            throw new FormatException();
        }
        header = header[4..];
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header);
        uint count = MemoryMarshal.Read<uint>(header[4..]);
        return (version, count);
    }

    private static int Fill(io_uring* ring, int fd, Span<byte> into, long offset)
    {
        int filled = 0;
        fixed (byte* first = into)
        {
            while (filled < into.Length)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(
                    sqe, fd, first + filled, (uint)(into.Length - filled), (ulong)(offset + filled));
                int submitted = io_uring_submit(ring);
                if (submitted != 1)
                {
                    Environment.FailFast("io_uring_submit");
                }
                io_uring_cqe* cqe;
                int error;
                do
                {
                    error = io_uring_wait_cqe(ring, &cqe);
                }
                while (error == -Libc.EINTR);
                if (error < 0)
                {
                    Environment.FailFast("io_uring_wait_cqe");
                }
                int count = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                if (count < 0)
                {
                    throw new IoUringException("IORING_OP_READ", -count, "");
                }
                if (count == 0)
                {
                    return filled;
                }
                filled += count;
            }
        }
        return filled;
    }
}
