#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>An intrusive free list of requests; each has its own buffer in one slab.</summary>
public sealed unsafe class RequestPool : IDisposable
{
    [StructLayout(LayoutKind.Sequential)]
    public struct Request
    {
        public int NextFree;
        public int Asked;
        public long Offset;
        public byte* Buffer;
    }

    private readonly Request* _requests;
    private readonly byte* _slab;
    private readonly int _count;
    private readonly int _blockBytes;
    private int _firstFree;

    public RequestPool(int count, int blockBytes)
    {
        _count = count;
        _blockBytes = blockBytes;
        _requests = (Request*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Request));
        _slab = (byte*)NativeMemory.AlignedAlloc((nuint)(count * blockBytes), 4096);
        for (int i = 0; i < count; i++)
        {
            ref Request request = ref _requests[i];
            request.NextFree = i + 1 < count ? i + 1 : -1;
            request.Buffer = _slab + (long)i * blockBytes;
        }
    }

    public bool TryRead(io_uring* ring, int fd, long offset)
    {
        if (_firstFree < 0)
        {
            return false;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return false;
        }
        Request* request = &_requests[_firstFree];
        _firstFree = request->NextFree;
        request->Asked = _blockBytes;
        request->Offset = offset;
        io_uring_prep_read(sqe, fd, request->Buffer, (uint)request->Asked, (ulong)offset);
        io_uring_sqe_set_data(sqe, request);
        return true;
    }

    public delegate void OnBytes(long offset, ReadOnlySpan<byte> bytes);

    public int Drain(io_uring* ring, OnBytes consumer)
    {
        io_uring_cqe** batch = stackalloc io_uring_cqe*[16];
        int all = 0;
        uint got;
        while ((got = io_uring_peek_batch_cqe(ring, batch, 16)) > 0)
        {
            for (uint i = 0; i < got; i++)
            {
                var request = (Request*)io_uring_cqe_get_data(batch[i]);
                int result = batch[i]->res;
                if (result < 0)
                {
                    throw new IoUringException("IORING_OP_READ", -result, "");
                }
                consumer(request->Offset, new ReadOnlySpan<byte>(request->Buffer, result));
                request->NextFree = _firstFree;
                _firstFree = (int)(request - _requests);
            }
            io_uring_cq_advance(ring, got);
            all += (int)got;
        }
        return all;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_slab);
        NativeMemory.Free(_requests);
        GC.SuppressFinalize(this);
    }
}
