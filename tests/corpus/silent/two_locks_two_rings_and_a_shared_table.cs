#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>Shards by key; each shard's ring and buffers live in one native struct.</summary>
public sealed unsafe class ShardedReader : IDisposable
{
    private struct Shard
    {
        public io_uring Ring;
        public byte* Buffer;
        public int IsOpen;
    }

    private readonly Shard* _shards;
    private readonly object[] _locks;

    public ShardedReader(int count)
    {
        _shards = (Shard*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Shard));
        _locks = new object[count];
        for (int i = 0; i < count; i++)
        {
            _locks[i] = new object();
            Shard* shard = _shards + i;
            int result = io_uring_queue_init(8, &shard->Ring, 0);
            if (result < 0)
            {
                Dispose();
                throw new IoUringException("io_uring_queue_init", -result, "");
            }
            shard->Buffer = (byte*)NativeMemory.AlignedAlloc(4096, 512);
            shard->IsOpen = 1;
        }
    }

    public bool TryGet(string key, int fd, ulong offset, out byte[] value)
    {
        int index = (int)((uint)key.GetHashCode(StringComparison.Ordinal) % (uint)_locks.Length);
        lock (_locks[index])
        {
            ref Shard shard = ref _shards[index];
            fixed (io_uring* ring = &shard.Ring)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_read(sqe, fd, shard.Buffer, 4096, offset);
                int result = io_uring_submit_and_wait(ring, 1);
                if (result < 0)
                {
                    Environment.FailFast("io_uring_submit_and_wait");
                }
                io_uring_cqe* cqe;
                if (io_uring_peek_cqe(ring, &cqe) < 0)
                {
                    Environment.FailFast("io_uring_peek_cqe");
                }
                result = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                value = result > 0 ? new Span<byte>(shard.Buffer, result).ToArray() : [];
                return result >= 0;
            }
        }
    }

    public void Dispose()
    {
        for (int i = 0; i < _locks.Length; i++)
        {
            Shard* shard = &_shards[i];
            if (Interlocked.Exchange(ref shard->IsOpen, 0) == 1)
            {
                io_uring_queue_exit(&shard->Ring);
                NativeMemory.AlignedFree(shard->Buffer);
            }
        }
        NativeMemory.Free(_shards);
    }
}
