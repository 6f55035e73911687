#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A header is written while the payload behind it is in flight; one struct's fields
/// differ.</summary>
public static unsafe class Parts
{
    private static nint s_kept;

    private struct Slot
    {
        public int Id;
        public nint Address;
        public iovec Vector;
        public byte* Data;
    }

    public static void HeaderBeforePayload(io_uring* ring, int fd)
    {
        byte* block = (byte*)NativeMemory.Alloc(8192);
        var header = (Slot*)block;
        byte* payload = block + 4096;
        io_uring_prep_read(io_uring_get_sqe(ring), fd, payload, 4096, 0);
        header->Id = 3;
        *(long*)block = 0;
        new Span<byte>(block, 4096).Clear();
        Unsafe.InitBlock(block, 0, 4096);
        s_kept = (nint)block;
    }

    public static void PinnedHalves(io_uring* ring, int fd)
    {
        byte[] pinned = GC.AllocateArray<byte>(8192, true);
        byte* second = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 4096);
        io_uring_prep_read(io_uring_get_sqe(ring), fd, second, 4096, 0);
        pinned.AsSpan(0, 4096).Clear();
        pinned[0] = 1;
        Span<byte> first = pinned.AsSpan(0, 16);
        first.Fill(1);
        s_kept = first[3];
    }

    public static void FieldsBesideAVector(io_uring* ring, int fd)
    {
        var slot = (Slot*)NativeMemory.AllocZeroed((nuint)sizeof(Slot));
        slot->Data = (byte*)NativeMemory.Alloc(64);
        slot->Vector.iov_base = slot->Data;
        slot->Vector.iov_len = 64;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_readv(sqe, fd, &slot->Vector, 1, 0);
        io_uring_sqe_set_data(sqe, slot);
        slot->Id = 7;
        slot->Address = (nint)slot->Data;
        s_kept = slot->Id + (int)slot->Vector.iov_len;
    }
}
