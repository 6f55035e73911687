#nullable enable
using System;
using System.Buffers.Binary;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>connect copies the address while submitting.</summary>
public static unsafe class Connect
{
    public static int To(io_uring* ring, int socket, uint addressBigEndian, ushort port)
    {
        byte* address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        *(ushort*)address = 2;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), port);
        *(uint*)(address + 4) = addressBigEndian;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -Libc.EBUSY;
        }
        io_uring_prep_connect(sqe, socket, (sockaddr*)address, 16);
        int submitted = io_uring_submit(ring);
        if (submitted < 1)
        {
            Environment.FailFast("the entry with this frame's address is still in the queue");
        }
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(ring, &cqe);
        if (result == 0)
        {
            result = cqe->res;
            io_uring_cqe_seen(ring, cqe);
        }
        return result;
    }
}
