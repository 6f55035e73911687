#nullable enable
// Museum row 8: https://github.com/tmds/Tmds.LinuxAsync/pull/70 (C#, io_uring)
// A queue submits a poll for each operation and the transfer itself when the poll has fired. Both steps
// pinned the operation's memory and stored the handle in the operation, so the poll's handle was overwritten
// and never disposed. The handle is a field of an object in a list; the two pins happen in two passes of the
// same loop.
// missed: the overwritten handle is a field of an object that lives in collections, not a local
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class Operation(int fd, ulong key, Memory<byte> memory)
{
    public int Fd => fd;

    public ulong Key => key;

    public Memory<byte> Memory => memory;

    public MemoryHandle Pin { get; set; }

    public bool IsPolled { get; set; }
}

internal sealed unsafe class ExecutionQueue
{
    private const uint PollIn = 1;
    private readonly List<Operation> _new = [];
    private readonly io_uring* _ring;
    private readonly iovec* _iovecs;

    public ExecutionQueue(io_uring* ring, int depth)
    {
        _ring = ring;
        _iovecs = (iovec*)NativeMemory.Alloc((nuint)depth, (nuint)sizeof(iovec));
    }

    public void Add(Operation operation) => _new.Add(operation);

    public void WriteSubmissions()
    {
        for (int i = 0; i < _new.Count; i++)
        {
            Operation operation = _new[i];
            io_uring_sqe* entry = io_uring_get_sqe(_ring);
            if (entry == null)
            {
                return;
            }
            MemoryHandle pin = operation.Memory.Pin();
            operation.Pin = pin;
            if (!operation.IsPolled)
            {
                io_uring_prep_poll_add(entry, operation.Fd, PollIn);
            }
            else
            {
                _iovecs[i] = new iovec { iov_base = pin.Pointer, iov_len = (nuint)operation.Memory.Length };
                io_uring_prep_readv(entry, operation.Fd, &_iovecs[i], 1, 0);
            }
            io_uring_sqe_set_data64(entry, operation.Key);
        }
        _new.Clear();
    }

    public void OnCompletion(Operation operation)
    {
        if (operation.IsPolled)
        {
            operation.Pin.Dispose();
            return;
        }
        operation.IsPolled = true;
        _new.Add(operation); // once more, for the transfer
    }
}
