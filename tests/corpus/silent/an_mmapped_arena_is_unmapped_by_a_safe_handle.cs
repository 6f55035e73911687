#nullable enable
using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Huge pages from mmap, with a fallback, registered as one buffer, unmapped after the
/// ring.</summary>
public sealed unsafe class HugeArena : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nuint _length;

    public HugeArena(nuint length)
        : base(true)
    {
        _length = length;
        int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS;
        void* address = Libc.mmap(
            null, length, Libc.PROT_READ | Libc.PROT_WRITE, flags | Libc.MAP_HUGETLB, -1, 0);
        if (address == Libc.MAP_FAILED)
        {
            address = Libc.mmap(null, length, Libc.PROT_READ | Libc.PROT_WRITE, flags, -1, 0);
        }
        if (address == Libc.MAP_FAILED)
        {
            throw new OutOfMemoryException();
        }
        SetHandle((nint)address);
    }

    public Span<byte> Span => new((void*)handle, checked((int)_length));

    protected override bool ReleaseHandle() => Libc.munmap((void*)handle, _length) == 0;

    public static long Sum(int fd, int blocks)
    {
        const int Block = 4096;
        using var arena = new HugeArena((nuint)(blocks * Block));
        io_uring ring = default;
        int result = io_uring_queue_init((uint)blocks, &ring, 0);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        long sum = 0;
        try
        {
            byte* first = (byte*)arena.DangerousGetHandle();
            iovec all = new() { iov_base = first, iov_len = (nuint)(blocks * Block) };
            result = io_uring_register_buffers(&ring, &all, 1);
            if (result < 0)
            {
                throw new IoUringException("io_uring_register_buffers", -result, "");
            }
            for (int i = 0; i < blocks; i++)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(&ring);
                io_uring_prep_read_fixed(sqe, fd, first + i * Block, Block, (ulong)(i * Block), 0);
                io_uring_sqe_set_data64(sqe, (ulong)i);
            }
            result = io_uring_submit_and_wait(&ring, (uint)blocks);
            if (result < 0)
            {
                throw new IoUringException("io_uring_submit_and_wait", -result, "");
            }
            uint seen = 0;
            foreach (io_uring_cqe* cqe in io_uring_for_each_cqe(&ring))
            {
                if (cqe->res > 0)
                {
                    foreach (byte value in arena.Span.Slice((int)cqe->user_data * Block, cqe->res))
                    {
                        sum += value;
                    }
                }
                seen++;
            }
            io_uring_cq_advance(&ring, seen);
        }
        finally
        {
            io_uring_queue_exit(&ring);
        }
        return sum;
    }
}
