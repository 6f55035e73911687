#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>ThreadLocal rings with values that are disposed together; pread by another name.</summary>
public sealed unsafe class ThreadRings : IDisposable
{
    private sealed class Holder : IDisposable
    {
        private readonly nint _ring = (nint)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));

        public Holder()
        {
            int error = io_uring_queue_init(
                1, Ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN);
            if (error < 0)
            {
                NativeMemory.Free((void*)_ring);
                throw new IoUringException("io_uring_queue_init", -error, "");
            }
        }

        public io_uring* Ring => (io_uring*)_ring;

        public void Dispose()
        {
            io_uring_queue_exit(Ring);
            NativeMemory.Free(Ring);
        }
    }

    private readonly ThreadLocal<Holder> _holders = new(() => new Holder(), trackAllValues: true);

    public int Read(int fd, Span<byte> into, long offset)
    {
        fixed (byte* first = &MemoryMarshal.GetReference(into))
        {
            return Read(_holders.Value!.Ring, fd, first, (uint)into.Length, (ulong)offset);
        }
    }

    private static int Read(io_uring* ring, int fd, byte* into, uint length, ulong offset)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, into, length, offset);
        int result = io_uring_submit_and_wait(ring, 1);
        while (result is -Libc.EINTR or -Libc.EAGAIN)
        {
            result = io_uring_submit_and_wait(ring, 1);
        }
        io_uring_cqe* cqe;
        if (result < 0 || io_uring_peek_cqe(ring, &cqe) < 0)
        {
            Environment.FailFast("The ring is broken.");
            throw new InvalidOperationException();
        }
        result = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return result;
    }

    public void Dispose()
    {
        foreach (Holder holder in _holders.Values)
        {
            holder.Dispose();
        }
        _holders.Dispose();
    }
}
