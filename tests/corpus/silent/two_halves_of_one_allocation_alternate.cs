#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Double buffering in one allocation: one half is summed while the other is read into.</summary>
public static unsafe class DoubleBuffer
{
    private const int Half = 65536;

    public static ulong Sum(int fd)
    {
        io_uring ring;
        int result = io_uring_queue_init(2, &ring, 0);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        byte* memory = (byte*)NativeMemory.Alloc(2 * Half);
        ulong sum = 0;
        ulong offset = 0;
        int current = 0;
        Begin(&ring, fd, memory, 0);
        while (true)
        {
            io_uring_cqe* cqe;
            result = io_uring_wait_cqe(&ring, &cqe);
            if (result == -Libc.EINTR)
            {
                continue;
            }
            if (result < 0)
            {
                Environment.FailFast("the ring is gone, and a read with it");
            }
            int count = cqe->res;
            io_uring_cqe_seen(&ring, cqe);
            if (count <= 0)
            {
                result = count;
                break;
            }
            offset += (ulong)count;
            int full = current;
            current ^= 1;
            Begin(&ring, fd, memory + current * Half, offset);
            byte* filled = memory + full * Half;
            for (int i = 0; i < count; i++)
            {
                sum += filled[i];
            }
        }
        io_uring_queue_exit(&ring);
        NativeMemory.Free(memory);
        return result == 0 ? sum : throw new IoUringException("IORING_OP_READ", -result, "");
    }

    private static void Begin(
        io_uring* ring, int fd, [KernelRetains(Until.Completion)] byte* half, ulong offset)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, half, Half, offset);
        int submitted = io_uring_submit(ring);
        if (submitted != 1)
        {
            Environment.FailFast($"io_uring_submit: {submitted}");
        }
    }
}
