#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Completions are announced by an eventfd, and reaped without waiting in the ring.</summary>
public sealed unsafe class EventDriven(io_uring* ring)
{
    private readonly Dictionary<ulong, (nint Memory, TaskCompletionSource<byte[]> Done)> _reads = [];
    private ulong _next;

    public Task<byte[]> Read(int fd, int bytes)
    {
        var done = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        void* memory = NativeMemory.Alloc((nuint)bytes);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            NativeMemory.Free(memory);
            done.SetException(new InvalidOperationException("The submission queue is full."));
            return done.Task;
        }
        io_uring_prep_read(sqe, fd, memory, (uint)bytes, 0);
        sqe->user_data = ++_next;
        _reads.Add(_next, ((nint)memory, done));
        return done.Task;
    }

    public int OnEvent()
    {
        int submitted = io_uring_submit(ring);
        if (submitted < 0 && submitted != -Libc.EAGAIN)
        {
            throw new IoUringException("io_uring_submit", -submitted, "");
        }
        int reaped = 0;
        io_uring_cqe* cqe;
        while (io_uring_peek_cqe(ring, &cqe) == 0)
        {
            _ = _reads.Remove(cqe->user_data, out (nint Memory, TaskCompletionSource<byte[]> Done) read);
            int count = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            if (count >= 0)
            {
                read.Done.SetResult(new ReadOnlySpan<byte>((void*)read.Memory, count).ToArray());
            }
            else
            {
                read.Done.SetException(new IoUringException("IORING_OP_READ", -count, ""));
            }
            NativeMemory.Free((void*)read.Memory);
            reaped++;
        }
        return reaped;
    }
}
