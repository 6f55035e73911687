#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>State per operation in an array, by index; nothing native but the memory itself.</summary>
public sealed unsafe class IndexedStates(int depth, int blockBytes) : IDisposable
{
    private struct State
    {
        public long OffsetBytes;
        public int FilledBytes;
        public bool IsBusy;
    }

    private readonly State[] _states = new State[depth];
    private readonly byte* _memory = (byte*)NativeMemory.Alloc((nuint)depth, (nuint)blockBytes);

    public void Start(io_uring* ring, int fd, int index, long offset)
    {
        ref State state = ref _states[index];
        state = new State { OffsetBytes = offset, IsBusy = true };
        Queue(ring, fd, index, ref state);
    }

    /// <summary>True when the block is complete; a short read is continued.</summary>
    public bool Advance(io_uring* ring, int fd, io_uring_cqe* cqe)
    {
        int index = (int)cqe->user_data;
        ref State state = ref _states[index];
        int count = cqe->res;
        if (count < 0)
        {
            state.IsBusy = false;
            throw new IoUringException("IORING_OP_READ", -count, "");
        }
        state.FilledBytes += count;
        if (count > 0 && state.FilledBytes < blockBytes)
        {
            Queue(ring, fd, index, ref state);
            return false;
        }
        state.IsBusy = false;
        return true;
    }

    public ReadOnlySpan<byte> BytesOf(int index) => _states[index].IsBusy
        ? throw new InvalidOperationException("The kernel has it.")
        : new ReadOnlySpan<byte>(_memory + (nint)index * blockBytes, _states[index].FilledBytes);

    public void Dispose()
    {
        if (Array.Exists(_states, state => state.IsBusy))
        {
            throw new InvalidOperationException("Reads are in flight.");
        }
        NativeMemory.Free(_memory);
    }

    private void Queue(io_uring* ring, int fd, int index, ref State state)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        byte* target = _memory + (nint)index * blockBytes + state.FilledBytes;
        io_uring_prep_read(
            sqe,
            fd,
            target,
            (uint)(blockBytes - state.FilledBytes),
            (ulong)(state.OffsetBytes + state.FilledBytes));
        sqe->user_data = (ulong)index;
    }
}
