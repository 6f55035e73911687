#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A window of reads in flight; each slot is refilled when its own completion was seen.</summary>
public static unsafe class Window
{
    private const int Depth = 8;
    private const int Block = 4096;

    public static long Checksum(int fd, long length)
    {
        byte** buffers = stackalloc byte*[Depth];
        ulong* offsets = stackalloc ulong[Depth];
        io_uring ring;
        int result = io_uring_queue_init(Depth, &ring, 0);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        for (int i = 0; i < Depth; i++)
        {
            buffers[i] = (byte*)NativeMemory.AlignedAlloc(Block, 4096);
        }
        long next = 0;
        long sum = 0;
        int inFlight = 0;
        int failure = 0;
        for (int i = 0; i < Depth && next < length; i++, next += Block)
        {
            Queue(&ring, fd, buffers[i], offsets, i, (ulong)next);
            inFlight++;
        }
        while (inFlight > 0)
        {
            result = io_uring_submit_and_wait(&ring, 1);
            if (result < 0 && result != -Libc.EINTR)
            {
                Environment.FailFast($"io_uring_submit_and_wait: {-result}");
            }
            io_uring_cqe* cqe;
            while (io_uring_peek_cqe(&ring, &cqe) == 0)
            {
                int slot = (int)cqe->user_data;
                int count = cqe->res;
                io_uring_cqe_seen(&ring, cqe);
                inFlight--;
                if (count < 0)
                {
                    failure = -count;
                    continue;
                }
                for (int i = 0; i < count; i++)
                {
                    sum += buffers[slot][i];
                }
                bool isShort = count > 0 && count < Block && (long)offsets[slot] + count < length;
                if (failure == 0 && isShort)
                {
                    Queue(&ring, fd, buffers[slot], offsets, slot, offsets[slot] + (ulong)count);
                    inFlight++;
                }
                else if (failure == 0 && next < length)
                {
                    Queue(&ring, fd, buffers[slot], offsets, slot, (ulong)next);
                    next += Block;
                    inFlight++;
                }
            }
        }
        io_uring_queue_exit(&ring);
        for (int i = 0; i < Depth; i++)
        {
            NativeMemory.AlignedFree(buffers[i]);
        }
        return failure == 0 ? sum : throw new IoUringException("IORING_OP_READ", failure, "");
    }

    private static void Queue(
        io_uring* ring,
        int fd,
        [KernelRetains(Until.Completion)] byte* into,
        ulong* offsets,
        int slot,
        ulong offset)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, into, Block, offset);
        sqe->user_data = (ulong)slot;
        offsets[slot] = offset;
    }
}
