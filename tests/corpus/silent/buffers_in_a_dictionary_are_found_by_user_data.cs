#nullable enable
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The operation's number is the key; the buffer is freed when the number comes back.</summary>
public sealed unsafe class ReadsByNumber
{
    private readonly Dictionary<ulong, nint> _inFlight = [];
    private ulong _next = 1;

    public int Begin(io_uring* ring, int fd, int bytes)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -Libc.EBUSY;
        }
        void* buffer = NativeMemory.Alloc((nuint)bytes);
        ulong number = _next++;
        _inFlight.Add(number, (nint)buffer);
        io_uring_prep_read(sqe, fd, buffer, (uint)bytes, 0);
        sqe->user_data = number;
        return io_uring_submit(ring);
    }

    public long Drain(io_uring* ring)
    {
        long bytes = 0;
        while (_inFlight.Count > 0)
        {
            io_uring_cqe* cqe;
            int result = io_uring_submit_and_wait(ring, 1);
            if (result < 0 || io_uring_wait_cqe(ring, &cqe) < 0)
            {
                continue;
            }
            if (_inFlight.Remove(cqe->user_data, out nint buffer))
            {
                bytes += cqe->res > 0 ? cqe->res : 0;
                NativeMemory.Free((void*)buffer);
            }
            io_uring_cqe_seen(ring, cqe);
        }
        return bytes;
    }
}
