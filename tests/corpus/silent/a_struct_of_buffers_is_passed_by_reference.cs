#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Slots as a struct array; `ref` to a slot, and its native buffer inside.</summary>
public static unsafe class SlotTable
{
    private struct Slot
    {
        public byte* Buffer;
        public int Length;
        public bool IsBusy;
    }

    public static int Run(io_uring* ring, int fd)
    {
        var slots = new Slot[4];
        foreach (ref Slot slot in slots.AsSpan())
        {
            slot.Buffer = (byte*)NativeMemory.Alloc(4096);
            slot.Length = 4096;
            Begin(ring, fd, ref slot, (int)Unsafe.ByteOffset(ref slots[0], ref slot) / sizeof(Slot));
        }
        int bytes = 0;
        for (int left = slots.Length; left > 0;)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) != 0)
            {
                continue;
            }
            ref Slot done = ref slots[(int)cqe->user_data];
            bytes += Math.Clamp(cqe->res, 0, done.Length);
            io_uring_cqe_seen(ring, cqe);
            done.IsBusy = false;
            NativeMemory.Free(done.Buffer);
            done.Buffer = null;
            left--;
        }
        return bytes;
    }

    private static void Begin(io_uring* ring, int fd, ref Slot slot, int index)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, slot.Buffer, (uint)slot.Length, (ulong)(index * 4096));
        sqe->user_data = (ulong)index;
        slot.IsBusy = io_uring_submit(ring) == 1;
        if (!slot.IsBusy)
        {
            Environment.FailFast("io_uring_submit");
        }
    }
}
