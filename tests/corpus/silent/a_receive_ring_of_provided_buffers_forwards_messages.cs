#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Buffers chosen by the kernel are copied out and given back; the group is owned by a
/// class.</summary>
public sealed unsafe class BufferGroup : IDisposable
{
    private readonly io_uring* _owner;
    private readonly io_uring_buf_ring* _entries;
    private readonly byte* _memory;
    private readonly ushort _group;
    private readonly uint _count;
    private readonly uint _size;

    public BufferGroup(io_uring* ring, ushort group, uint count, uint size)
    {
        if (!System.Numerics.BitOperations.IsPow2(count))
        {
            throw new ArgumentException("A power of two.", nameof(count));
        }
        _owner = ring;
        _group = group;
        _count = count;
        _size = size;
        _memory = (byte*)NativeMemory.AlignedAlloc(count * size, 4096);
        int error = 0;
        _entries = io_uring_setup_buf_ring(ring, count, group, 0, &error);
        if (_entries is null)
        {
            NativeMemory.AlignedFree(_memory);
            throw new IoUringException("io_uring_setup_buf_ring", -error, "");
        }
        int mask = io_uring_buf_ring_mask(count);
        for (ushort i = 0; i < count; i++)
        {
            io_uring_buf_ring_add(_entries, _memory + i * size, size, i, mask, i);
        }
        io_uring_buf_ring_advance(_entries, (int)count);
    }

    public ushort Group => _group;

    public ReadOnlySpan<byte> this[ushort id, int length] => new(_memory + id * _size, length);

    public void GiveBack(ReadOnlySpan<ushort> ids)
    {
        int mask = io_uring_buf_ring_mask(_count);
        for (int i = 0; i < ids.Length; i++)
        {
            io_uring_buf_ring_add(_entries, _memory + ids[i] * _size, _size, ids[i], mask, i);
        }
        io_uring_buf_ring_advance(_entries, ids.Length);
    }

    public void Dispose()
    {
        if (io_uring_free_buf_ring(_owner, _entries, _count, _group) >= 0)
        {
            NativeMemory.AlignedFree(_memory);
        }
    }
}

public static unsafe class Forwarder
{
    public static void Run(io_uring* ring, int socket, BufferGroup buffers, Action<byte[]> onMessage)
    {
        Span<ushort> taken = stackalloc ushort[32];
        bool isArmed = false;
        while (true)
        {
            if (!isArmed)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_recv_multishot(sqe, socket, null, 0, 0);
                sqe->flags |= (byte)IOSQE_BUFFER_SELECT;
                sqe->buf_group = buffers.Group;
                isArmed = true;
            }
            if (io_uring_submit_and_wait(ring, 1) < 0)
            {
                return;
            }
            uint seen = 0;
            int back = 0;
            bool isOver = false;
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(ring))
            {
                seen++;
                isArmed &= (cqe->flags & IORING_CQE_F_MORE) != 0;
                if (cqe->res == -105)
                {
                    continue; // no buffer was free: armed again below
                }
                if (cqe->res <= 0)
                {
                    isOver = true;
                    break;
                }
                var id = (ushort)(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
                onMessage(buffers[id, cqe->res].ToArray());
                taken[back++] = id;
                if (back == taken.Length)
                {
                    break;
                }
            }
            io_uring_cq_advance(ring, seen);
            buffers.GiveBack(taken[..back]);
            if (isOver)
            {
                return;
            }
        }
    }
}
