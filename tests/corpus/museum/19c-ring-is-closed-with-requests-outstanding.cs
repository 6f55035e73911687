#nullable enable
// Museum row 19: https://github.com/cloud-hypervisor/cloud-hypervisor/issues/8069 (Rust)
// A disk's worker closes its ring without cancelling requests and reaping their completions. Closing does not
// wait: the kernel goes on writing into guest memory, which the virtual machine unmaps when it resets.
// missed: the memory belongs to another object and is unmapped elsewhere; the disk only ever sees its address
using System;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class GuestDisk : IDisposable
{
    private readonly io_uring* _ring;
    private readonly int _fd;

    public GuestDisk(io_uring* ring, int fd)
    {
        _ring = ring;
        _fd = fd;
    }

    public bool TryRead(
        [KernelRetains(Until.Completion)] iovec* guestPieces, uint count, ulong offset, ulong request)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (sqe == null)
        {
            return false;
        }
        io_uring_prep_readv(sqe, _fd, guestPieces, count, offset);
        sqe->user_data = request;
        return io_uring_submit(_ring) == 1;
    }

    public void Dispose() => io_uring_queue_exit(_ring);
}

internal sealed unsafe class Machine(GuestDisk disk, nint guestMemory, nuint guestBytes)
{
    public void Reset()
    {
        disk.Dispose();
        _ = Libc.munmap((void*)guestMemory, guestBytes);
    }
}
