#nullable enable
using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Submitters take a lock, one background thread reaps; tasks end on the thread pool.</summary>
public sealed unsafe class ReaperRing : IDisposable
{
    private sealed class Pending
    {
        public readonly TaskCompletionSource<int> Source =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        public MemoryHandleBox? Pin;
    }

    private sealed class MemoryHandleBox(System.Buffers.MemoryHandle handle) : IDisposable
    {
        private System.Buffers.MemoryHandle _handle = handle;

        public void* Pointer => _handle.Pointer;

        public void Dispose() => _handle.Dispose();
    }

    private readonly io_uring* _ring;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ulong, Pending> _pending = new();
    private readonly Thread _reaper;
    private ulong _lastId;
    private volatile bool _isStopping;

    public ReaperRing(uint entries)
    {
        _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
        int result = io_uring_queue_init(entries, _ring, 0);
        if (result < 0)
        {
            NativeMemory.Free(_ring);
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        _reaper = new Thread(Reap) { IsBackground = true, Name = "reaper" };
        _reaper.Start();
    }

    public Task<int> ReadAsync(int fd, Memory<byte> into, long offset)
    {
        var pending = new Pending { Pin = new MemoryHandleBox(into.Pin()) };
        lock (_gate)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(_ring);
            if (sqe == null)
            {
                pending.Pin.Dispose();
                return Task.FromException<int>(new InvalidOperationException("full"));
            }
            ulong id = ++_lastId;
            _pending[id] = pending;
            io_uring_prep_read(sqe, fd, pending.Pin.Pointer, (uint)into.Length, (ulong)offset);
            io_uring_sqe_set_data64(sqe, id);
            int result = io_uring_submit(_ring);
            if (result < 0)
            {
                Environment.FailFast("io_uring_submit");
            }
        }
        return pending.Source.Task;
    }

    private void Reap()
    {
        while (true)
        {
            io_uring_cqe* cqe;
            int result = io_uring_wait_cqe(_ring, &cqe);
            if (result == -Libc.EINTR)
            {
                continue;
            }
            if (result < 0)
            {
                Environment.FailFast("io_uring_wait_cqe");
            }
            ulong id = cqe->user_data;
            int count = cqe->res;
            io_uring_cqe_seen(_ring, cqe);
            if (id == 0)
            {
                if (_isStopping && _pending.IsEmpty)
                {
                    return;
                }
                continue;
            }
            if (_pending.TryRemove(id, out Pending? pending))
            {
                pending.Pin!.Dispose();
                if (count < 0)
                {
                    pending.Source.SetException(new IoUringException("IORING_OP_READ", -count, ""));
                }
                else
                {
                    pending.Source.SetResult(count);
                }
            }
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        while (!_reaper.Join(10))
        {
            lock (_gate)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(_ring);
                if (sqe != null)
                {
                    io_uring_prep_nop(sqe);
                    io_uring_sqe_set_data64(sqe, 0);
                }
                if (io_uring_submit(_ring) < 0)
                {
                    Environment.FailFast("io_uring_submit");
                }
            }
        }
        io_uring_queue_exit(_ring);
        NativeMemory.Free(_ring);
    }
}
