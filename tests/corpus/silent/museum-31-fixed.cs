#nullable enable
// Museum row 31, fixed (museum/31-direct-reads-at-any-offset.cs):
// https://github.com/antgroup/vsag/pull/2389
// The offset is rounded down and the length up, and what was asked for is copied out.
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class IndexFile
{
    private const uint AlignmentBytes = 4096;
    private readonly io_uring* _ring;
    private readonly int _fd;

    public IndexFile(io_uring* ring, string path)
    {
        _ring = ring;
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* pointer = name)
        {
            _fd = Libc.open(pointer, Libc.O_RDONLY | Libc.O_DIRECT | Libc.O_CLOEXEC);
        }
    }

    public bool TryRead(ulong offset, Span<byte> target)
    {
        ulong start = offset / AlignmentBytes * AlignmentBytes;
        uint skip = (uint)(offset - start);
        uint sizeBytes = (skip + (uint)target.Length + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes;
        byte* buffer = (byte*)NativeMemory.AlignedAlloc(sizeBytes, AlignmentBytes);
        io_uring_sqe* sqe = io_uring_get_sqe(_ring);
        io_uring_prep_read(sqe, _fd, buffer, sizeBytes, start);
        int submitted = io_uring_submit_and_wait(_ring, 1);
        io_uring_cqe* cqe;
        if (submitted != 1 || io_uring_wait_cqe(_ring, &cqe) < 0)
        {
            return false; // the buffer stays the kernel's
        }
        bool isWhole = cqe->res >= (int)skip + target.Length;
        io_uring_cqe_seen(_ring, cqe);
        if (isWhole)
        {
            new Span<byte>(buffer + skip, target.Length).CopyTo(target);
        }
        NativeMemory.AlignedFree(buffer);
        return isWhole;
    }
}
