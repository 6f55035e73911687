#nullable enable
// Museum row 13, fixed (museum/13-registered-memory-is-freed-first.cs):
// https://github.com/tokio-rs/tokio-uring/pull/54
// Unregistering, which waits for the operations, comes before freeing.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class FixedBufferRegistry : IDisposable
{
    private const int SlotBytes = 4096;
    private readonly io_uring* _ring;
    private readonly byte* _memory;
    private readonly bool[] _isCheckedOut;

    public FixedBufferRegistry(io_uring* ring, int slotCount)
    {
        _ring = ring;
        _memory = (byte*)NativeMemory.Alloc((nuint)(slotCount * SlotBytes));
        _isCheckedOut = new bool[slotCount];
    }

    public int Register()
    {
        var whole = new iovec { iov_base = _memory, iov_len = (nuint)(_isCheckedOut.Length * SlotBytes) };
        return io_uring_register_buffers(_ring, &whole, 1);
    }

    public bool TryCheckOut(int index)
    {
        bool isFree = !_isCheckedOut[index];
        _isCheckedOut[index] = true;
        return isFree;
    }

    public void PrepareRead(io_uring_sqe* entry, int fd, int index, ulong offset) =>
        io_uring_prep_read_fixed(entry, fd, _memory + (index * SlotBytes), SlotBytes, offset, 0);

    public void Dispose()
    {
        _ = io_uring_unregister_buffers(_ring);
        NativeMemory.Free(_memory);
    }
}
