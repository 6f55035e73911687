#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>foreach over one batch; the enumerator's Dispose advances the queue by what was seen.</summary>
public readonly unsafe ref struct Batch(io_uring* ring)
{
    private readonly io_uring* _ring = ring;

    public Enumerator GetEnumerator() => new(_ring);

    public ref struct Enumerator(io_uring* ring)
    {
        private readonly io_uring* _ring = ring;
        private io_uring_cqe* _cqe;
        private bool _isHeld;

        public readonly (ulong Id, int Result) Current => (_cqe->user_data, _cqe->res);

        public bool MoveNext()
        {
            Give();
            io_uring_cqe* cqe;
            if (io_uring_peek_cqe(_ring, &cqe) != 0)
            {
                return false;
            }
            _cqe = cqe;
            _isHeld = true;
            return true;
        }

        public void Dispose() => Give();

        private void Give()
        {
            if (_isHeld)
            {
                io_uring_cqe_seen(_ring, _cqe);
                _isHeld = false;
            }
        }
    }
}

public static unsafe class BatchUser
{
    public static long Sum(io_uring* ring, Span<long> bytesOf)
    {
        long all = 0;
        foreach ((ulong id, int result) in new Batch(ring))
        {
            if (result < 0)
            {
                throw new IoUringException("read", -result, "");
            }
            bytesOf[(int)id] += result;
            all += result;
        }
        return all;
    }
}
