#nullable enable
using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A file's description and its vectors in one block of native memory, found again by
/// user_data.</summary>
public static unsafe class Cat
{
    private const int BlockBytes = 4096;

    private struct FileInfo
    {
        public long Length;
        public int VectorCount;
        public iovec* Vectors;
    }

    public static void Print(string path, Stream output)
    {
        io_uring ring = default;
        int result = io_uring_queue_init(1, &ring, 0);
        if (result < 0)
        {
            throw new IoUringException("io_uring_queue_init", -result, "");
        }
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            FileInfo* info = Submit(&ring, file);
            try
            {
                int got = WaitFor(&ring);
                for (int i = 0; i < info->VectorCount && got > 0; i++)
                {
                    int length = Math.Min(got, (int)info->Vectors[i].iov_len);
                    output.Write(new ReadOnlySpan<byte>(info->Vectors[i].iov_base, length));
                    got -= length;
                }
            }
            finally
            {
                Free(info);
            }
        }
        finally
        {
            io_uring_queue_exit(&ring);
        }
    }

    private static FileInfo* Submit(io_uring* ring, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        int count = (int)((length + BlockBytes - 1) / BlockBytes);
        var info = (FileInfo*)NativeMemory.AllocZeroed((nuint)sizeof(FileInfo));
        info->Length = length;
        info->VectorCount = count;
        info->Vectors = (iovec*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(iovec));
        long rest = length;
        for (int i = 0; i < count; i++)
        {
            nuint wanted = (nuint)Math.Min(rest, BlockBytes);
            info->Vectors[i].iov_base = NativeMemory.AlignedAlloc(wanted, BlockBytes);
            info->Vectors[i].iov_len = wanted;
            rest -= (long)wanted;
        }
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_readv(sqe, (int)file.DangerousGetHandle(), info->Vectors, (uint)count, 0);
        io_uring_sqe_set_data(sqe, info);
        int result = io_uring_submit(ring);
        return result == 1 ? info : throw new IoUringException("io_uring_submit", -result, "");
    }

    private static int WaitFor(io_uring* ring)
    {
        io_uring_cqe* cqe;
        int result = io_uring_wait_cqe(ring, &cqe);
        if (result < 0)
        {
            throw new IoUringException("io_uring_wait_cqe", -result, "");
        }
        int got = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return got >= 0 ? got : throw new IoUringException("IORING_OP_READV", -got, "");
    }

    private static void Free(FileInfo* info)
    {
        for (int i = 0; i < info->VectorCount; i++)
        {
            NativeMemory.AlignedFree(info->Vectors[i].iov_base);
        }
        NativeMemory.Free(info->Vectors);
        NativeMemory.Free(info);
    }
}
