#nullable enable
using System;
using System.Buffers;
using System.Collections.Generic;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>One pin per array, all freed after all completions.</summary>
public static unsafe class PinList
{
    public static long Gather(io_uring* ring, int fd, IReadOnlyList<byte[]> parts)
    {
        var pins = new List<MemoryHandle>(parts.Count);
        long offset = 0;
        int begun = 0;
        foreach (byte[] part in parts)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (sqe == null)
            {
                break;
            }
            MemoryHandle pin = part.AsMemory().Pin();
            pins.Add(pin);
            io_uring_prep_read(sqe, fd, pin.Pointer, (uint)part.Length, (ulong)offset);
            sqe->user_data = (ulong)begun++;
            offset += part.Length;
        }
        int submitted = 0;
        long bytes = 0;
        for (int done = 0; done < begun;)
        {
            if (submitted < begun)
            {
                submitted += Math.Max(io_uring_submit(ring), 0);
            }
            io_uring_cqe* cqe;
            while (done < begun && io_uring_peek_cqe(ring, &cqe) == 0)
            {
                int index = (int)cqe->user_data;
                bytes += Math.Clamp(cqe->res, 0, parts[index].Length);
                io_uring_cqe_seen(ring, cqe);
                done++;
            }
        }
        foreach (MemoryHandle pin in pins)
        {
            pin.Dispose();
        }
        return bytes;
    }
}
