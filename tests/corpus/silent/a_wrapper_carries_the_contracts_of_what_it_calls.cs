#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A thin layer of one's own: its parameters say what the ones below say.</summary>
public sealed unsafe class ThinRing
{
    private readonly io_uring* _ring;

    public ThinRing(io_uring* ring) => _ring = ring;

    public void Read(int fd, [KernelRetains(Until.Completion)] void* buffer, uint bytes, ulong offset)
    {
        io_uring_sqe* sqe = Next();
        io_uring_prep_read(sqe, fd, buffer, bytes, offset);
    }

    public void Write(int fd, [KernelRetains(Until.Completion)] byte* buffer, uint bytes, ulong offset)
    {
        io_uring_sqe* sqe = Next();
        io_uring_prep_write(sqe, fd, buffer, bytes, offset);
    }

    public void ReadVector(int fd, [KernelRetains(Until.Submit)] iovec* list, uint count) =>
        io_uring_prep_readv(Next(), fd, list, count, 0);

    [return: MustObserve]
    public int Submit() => io_uring_submit(_ring);

    [Completes]
    public int WaitOne()
    {
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(_ring, &cqe);
        if (result == 0)
        {
            result = cqe->res;
            io_uring_cqe_seen(_ring, cqe);
        }
        return result;
    }

    private io_uring_sqe* Next()
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        return sqe != null ? sqe : throw new InvalidOperationException("The submission queue is full.");
    }
}
