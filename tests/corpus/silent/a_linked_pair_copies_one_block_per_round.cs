#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>link-cp: the write runs after the read of the same buffer; a broken chain is queued
/// again.</summary>
public static unsafe class LinkCopy
{
    private const int Depth = 16;
    private const uint BlockBytes = 4096;

    private struct Data
    {
        public long Offset;
        public int Index;
        public uint Length;
        public int Errors;

        public readonly byte* Payload(byte* slab) => slab + Index * BlockBytes;
    }

    public static long Copy(io_uring* ring, int from, int to, long length)
    {
        byte* slab = (byte*)NativeMemory.Alloc(Depth, BlockBytes);
        Data* items = (Data*)NativeMemory.AllocZeroed(Depth, (nuint)sizeof(Data));
        long offset = 0;
        long written = 0;
        int inFlight = 0;
        uint free = (1u << Depth) - 1;
        while (written < length)
        {
            bool hasNew = false;
            while (free != 0 && offset < length && inFlight + 2 <= Depth)
            {
                int index = System.Numerics.BitOperations.TrailingZeroCount(free);
                free &= free - 1;
                Data* item = items + index;
                item->Index = index;
                item->Offset = offset;
                item->Length = (uint)Math.Min(BlockBytes, length - offset);
                QueuePair(ring, from, to, item, item->Payload(slab));
                offset += item->Length;
                inFlight += 2;
                hasNew = true;
            }
            if (hasNew && io_uring_submit(ring) < 0)
            {
                Environment.FailFast("io_uring_submit");
            }
            io_uring_cqe* cqe;
            int error = io_uring_wait_cqe(ring, &cqe);
            if (error < 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            ulong tag = io_uring_cqe_get_data64(cqe);
            int result = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            inFlight--;
            Data* done = (Data*)(tag & ~1ul);
            bool isWrite = (tag & 1) != 0;
            if (result < 0 || result != (int)done->Length)
            {
                done->Errors++;
            }
            if (!isWrite)
            {
                continue;
            }
            if (done->Errors != 0)
            {
                done->Errors = 0;
                QueuePair(ring, from, to, done, done->Payload(slab));
                inFlight += 2;
                if (io_uring_submit(ring) < 0)
                {
                    Environment.FailFast("io_uring_submit");
                }
                continue;
            }
            written += done->Length;
            free |= 1u << done->Index;
        }
        NativeMemory.Free(items);
        NativeMemory.Free(slab);
        return written;
    }

    private static void QueuePair(
        io_uring* ring,
        int from,
        int to,
        [KernelRetains(Until.Completion, Opaque = true)] Data* item,
        [KernelRetains(Until.Completion)] byte* payload)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, from, payload, item->Length, (ulong)item->Offset);
        sqe->flags |= (byte)IOSQE_IO_LINK;
        io_uring_sqe_set_data(sqe, item);

        sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(sqe, to, payload, item->Length, (ulong)item->Offset);
        io_uring_sqe_set_data64(sqe, (ulong)item | 1);
    }
}
