#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>
/// read -> write links over a ring of buffers; each pair's buffer is busy until both came back.
/// </summary>
public sealed unsafe class LinkedCopy(io_uring* ring, int from, int to) : IDisposable
{
    private const int Pairs = 4;
    private const int Block = 16384;
    private readonly byte* _memory = (byte*)NativeMemory.Alloc(Pairs * Block);
    private readonly int[] _left = new int[Pairs];
    private readonly int[] _failed = new int[Pairs];

    public bool TryQueue(int pair, ulong offset, uint bytes)
    {
        if (_left[pair] != 0 || io_uring_sq_space_left(ring) < 2)
        {
            return false;
        }
        byte* buffer = _memory + pair * Block;
        io_uring_sqe* read = io_uring_get_sqe(ring);
        io_uring_prep_read(read, from, buffer, bytes, offset);
        read->flags |= (byte)IOSQE_IO_LINK;
        read->user_data = (ulong)pair | (ulong)bytes << 32;
        io_uring_sqe* write = io_uring_get_sqe(ring);
        io_uring_prep_write(write, to, buffer, bytes, offset);
        write->user_data = (ulong)pair | (ulong)bytes << 32;
        _left[pair] = 2;
        _failed[pair] = 0;
        return true;
    }

    public void Pump()
    {
        int result = io_uring_submit_and_wait(ring, 1);
        if (result < 0 && result != -Libc.EINTR)
        {
            throw new IoUringException("io_uring_submit_and_wait", -result, "");
        }
        io_uring_cqe* cqe;
        while (io_uring_peek_cqe(ring, &cqe) == 0)
        {
            int pair = (int)(uint)cqe->user_data;
            if (cqe->res != (int)(cqe->user_data >> 32))
            {
                _failed[pair]++;
            }
            _left[pair]--;
            io_uring_cqe_seen(ring, cqe);
        }
    }

    public bool HasFailed(int pair) => _left[pair] == 0 && _failed[pair] > 0;

    public void Dispose()
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            while (_left[pair] != 0)
            {
                Pump();
            }
        }
        NativeMemory.Free(_memory);
    }
}
