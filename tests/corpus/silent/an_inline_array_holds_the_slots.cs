#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Bookkeeping in inline arrays, the bytes themselves in native memory.</summary>
public sealed unsafe class SlotWindow : IDisposable
{
    private const int Count = 8;

    [InlineArray(Count)]
    private struct Offsets
    {
        private long _first;
    }

    [InlineArray(Count)]
    private struct Addresses
    {
        private nint _first;
    }

    private Offsets _offsets;
    private Addresses _addresses;
    private byte _busy;

    public SlotWindow()
    {
        for (int i = 0; i < Count; i++)
        {
            _addresses[i] = (nint)NativeMemory.AlignedAlloc(4096, 4096);
        }
    }

    public int Fill(io_uring* ring, int fd, ReadOnlySpan<long> offsets)
    {
        int begun = 0;
        foreach (long offset in offsets)
        {
            int slot = System.Numerics.BitOperations.TrailingZeroCount(~(uint)_busy);
            if (slot >= Count || io_uring_sq_space_left(ring) == 0)
            {
                break;
            }
            _busy |= (byte)(1 << slot);
            _offsets[slot] = offset;
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            io_uring_prep_read(sqe, fd, (void*)_addresses[slot], 4096, (ulong)offset);
            io_uring_sqe_set_data64(sqe, (ulong)slot);
            begun++;
        }
        return io_uring_submit(ring) == begun ? begun : throw new InvalidOperationException("short submit");
    }

    public long Settle(io_uring* ring)
    {
        long checksum = 0;
        while (_busy != 0)
        {
            io_uring_cqe* cqe;
            int error = io_uring_wait_cqe(ring, &cqe);
            if (error != 0)
            {
                if (error == -Libc.EINTR)
                {
                    continue;
                }
                throw new IoUringException("io_uring_wait_cqe", -error, "");
            }
            int slot = (int)io_uring_cqe_get_data64(cqe);
            int length = Math.Max(0, cqe->res);
            io_uring_cqe_seen(ring, cqe);
            _busy &= (byte)~(1 << slot);
            foreach (long value in MemoryMarshal.Cast<byte, long>(
                new ReadOnlySpan<byte>((void*)_addresses[slot], length)))
            {
                checksum ^= value + _offsets[slot];
            }
        }
        return checksum;
    }

    public void Dispose()
    {
        foreach (ref nint address in (Span<nint>)_addresses)
        {
            NativeMemory.AlignedFree((void*)address);
            address = 0;
        }
    }
}
