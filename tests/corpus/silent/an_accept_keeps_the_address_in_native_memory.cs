#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>accept writes the peer's address with its completion: it must not be a frame's.</summary>
public static unsafe class AcceptWithAddress
{
    private struct Peer
    {
        public fixed byte Address[28];
        public uint Length;
    }

    public static (int Client, ushort Family) Accept(io_uring* ring, int listener)
    {
        var peer = (Peer*)NativeMemory.AllocZeroed((nuint)sizeof(Peer));
        peer->Length = 28;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_accept(sqe, listener, (sockaddr*)peer->Address, &peer->Length, 0);
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
        int client = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        ushort family = client >= 0 ? *(ushort*)peer->Address : (ushort)0;
        NativeMemory.Free(peer);
        return (client, family);
    }
}
