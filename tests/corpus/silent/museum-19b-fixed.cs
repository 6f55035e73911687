#nullable enable
// Museum row 19, fixed (museum/19b-operations-are-dropped-before-the-ring.cs):
// https://github.com/compio-rs/compio/pull/943
// The ring is closed before the data of its operations goes.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal unsafe struct InFlight
{
    public ulong Key;
    public fixed byte Buffer[512];
}

internal sealed unsafe class Driver : IDisposable
{
    private readonly InFlight* _inFlight;
    private readonly io_uring* _ring;
    private uint _used;

    public Driver(uint entries)
    {
        _inFlight = (InFlight*)NativeMemory.AllocZeroed(entries, (nuint)sizeof(InFlight));
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        if (io_uring_queue_init(entries, _ring, 0) < 0)
        {
            throw new InvalidOperationException("The kernel refused the ring.");
        }
    }

    public void PushRead(int fd, ulong key)
    {
        InFlight* operation = &_inFlight[_used++];
        operation->Key = key;
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_read(sqe, fd, _inFlight[_used - 1].Buffer, 512, 0);
        sqe->user_data = key;
    }

    public void Dispose()
    {
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_inFlight);
        NativeMemory.Free(_ring);
    }
}
