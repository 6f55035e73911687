#nullable enable
// Museum row 26: https://github.com/ai-dynamo/nixl/issues/1696, https://github.com/ai-dynamo/nixl/pull/1697
// (C++)
// A queue's check for completions reports a backend error for a negative result and otherwise passes the
// result to the request's callback, which is given no length to compare it with: a write that ran out of
// space was "done".
// missed: the result leaves the method through a callback, which could have compared it
using System.Collections.Generic;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal delegate void TransferDone(int bytes, int error);

internal sealed unsafe class PosixQueue
{
    private readonly io_uring* _ring;
    private readonly Dictionary<ulong, TransferDone> _callbacks = [];
    private ulong _next = 1;

    public PosixQueue(io_uring* ring) => _ring = ring;

    public bool Enqueue(
        int fd, [KernelRetains(Until.Completion)] void* buffer, uint lengthBytes, ulong offset,
        TransferDone done)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        if (sqe == null)
        {
            return false;
        }
        io_uring_prep_write(sqe, fd, buffer, lengthBytes, offset);
        sqe->user_data = _next;
        _callbacks.Add(_next++, done);
        return io_uring_submit(_ring) >= 0;
    }

    public bool CheckCompleted()
    {
        io_uring_cqe* cqe;
        while (io_uring_peek_cqe(_ring, &cqe) == 0)
        {
            if (cqe->res < 0)
            {
                return false;
            }
            _callbacks.Remove(cqe->user_data, out TransferDone? done);
            done?.Invoke(cqe->res, 0);
            io_uring_cqe_seen(_ring, cqe);
        }
        return true;
    }
}
