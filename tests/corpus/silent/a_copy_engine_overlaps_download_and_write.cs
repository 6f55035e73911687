#nullable enable
using System;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A checkpoint: device to host on a stream, then host to file; two buffers, two events.</summary>
public sealed unsafe class Checkpoint : IDisposable
{
    private readonly CudaFunctions _cuda;
    private readonly io_uring* _ring;
    private readonly CUstream_st* _stream;
    private readonly void*[] _buffers = new void*[2];
    private readonly CUevent_st*[] _events = new CUevent_st*[2];
    private readonly nuint _bytes;

    public Checkpoint(CudaFunctions cuda, io_uring* ring, CUstream_st* stream, nuint bytes)
    {
        _cuda = cuda;
        _ring = ring;
        _stream = stream;
        _bytes = bytes;
        for (int i = 0; i < 2; i++)
        {
            void* buffer;
            CUevent_st* done;
            Check(cuda.cuMemHostAlloc(&buffer, bytes, 0));
            Check(cuda.cuEventCreate(&done, 0));
            _buffers[i] = buffer;
            _events[i] = done;
        }
    }

    public void Save(int fd, ulong device, long length)
    {
        long copied = 0;
        long written = 0;
        int turn = 0;
        Copy(0, device, ref copied, length);
        while (written < length)
        {
            int current = turn;
            turn ^= 1;
            long end = copied;
            if (copied < length)
            {
                Copy(turn, device, ref copied, length);
            }
            Check(_cuda.cuEventSynchronize(_events[current]));
            while (written < end)
            {
                nuint at = (nuint)written % _bytes;
                io_uring_sqe* sqe = io_uring_get_sqe(_ring);
                io_uring_prep_write(
                    sqe, fd, (byte*)_buffers[current] + at, (uint)(end - written), (ulong)written);
                if (io_uring_submit_and_wait(_ring, 1) < 0)
                {
                    Environment.FailFast("io_uring_submit_and_wait");
                }
                io_uring_cqe* cqe;
                if (io_uring_wait_cqe(_ring, &cqe) < 0)
                {
                    Environment.FailFast("io_uring_wait_cqe");
                }
                int count = cqe->res;
                io_uring_cqe_seen(_ring, cqe);
                written += count > 0 ? count : throw new IoUringException("IORING_OP_WRITE", -count, "");
            }
        }
    }

    private void Copy(int slot, ulong device, ref long position, long length)
    {
        nuint count = (nuint)Math.Min((long)_bytes, length - position);
        Check(_cuda.cuMemcpyDtoHAsync(_buffers[slot], device + (ulong)position, count, _stream));
        Check(_cuda.cuEventRecord(_events[slot], _stream));
        position += (long)count;
    }

    public void Dispose()
    {
        Check(_cuda.cuStreamSynchronize(_stream));
        for (int i = 0; i < 2; i++)
        {
            Check(_cuda.cuEventDestroy(_events[i]));
            Check(_cuda.cuMemFreeHost(_buffers[i]));
        }
    }

    private static void Check(CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS)
        {
            throw new InvalidOperationException(result.ToString());
        }
    }
}
