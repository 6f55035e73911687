#nullable enable
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Rented arrays, pinned for the operation, returned by the request's own Dispose on
/// completion.</summary>
public sealed unsafe class RentedRequest : IDisposable
{
    private readonly byte[] _array;
    private GCHandle _pin;

    public RentedRequest(int length, ulong offset)
    {
        Offset = offset;
        _array = ArrayPool<byte>.Shared.Rent(length);
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Length = length;
    }

    public ulong Offset { get; }

    public int Length { get; }

    public void Prepare(io_uring_sqe* sqe, int fd) =>
        io_uring_prep_read(sqe, fd, (void*)_pin.AddrOfPinnedObject(), (uint)Length, Offset);

    public ReadOnlySpan<byte> Result(int count) => _array.AsSpan(0, count);

    public void Dispose()
    {
        if (_pin.IsAllocated)
        {
            _pin.Free();
            ArrayPool<byte>.Shared.Return(_array);
        }
    }
}

public static unsafe class RentedRequests
{
    public static IReadOnlyList<byte[]> ReadAll(io_uring* ring, int fd, IEnumerable<ulong> offsets)
    {
        var requests = new List<RentedRequest>();
        foreach (ulong offset in offsets)
        {
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (sqe is null)
            {
                break;
            }
            var request = new RentedRequest(4096, offset);
            request.Prepare(sqe, fd);
            io_uring_sqe_set_data64(sqe, (ulong)requests.Count);
            requests.Add(request);
        }
        var results = new byte[requests.Count][];
        int rest = requests.Count;
        int error = io_uring_submit_and_wait(ring, (uint)rest);
        if (error < 0)
        {
            Environment.FailFast("io_uring_submit_and_wait");
        }
        while (rest > 0)
        {
            io_uring_cqe* cqe;
            if (io_uring_wait_cqe(ring, &cqe) < 0)
            {
                continue;
            }
            int index = checked((int)io_uring_cqe_get_data64(cqe));
            int count = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            using RentedRequest request = requests[index];
            results[index] = count > 0 ? request.Result(count).ToArray() : [];
            rest--;
        }
        return results;
    }
}
