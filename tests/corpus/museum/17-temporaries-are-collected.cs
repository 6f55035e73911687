#nullable enable
// Museum row 17: https://github.com/axboe/liburing/issues/377 (Python)
// A binding's iovec object takes byte arrays, writes their addresses into native iovecs and does not hold the
// arrays. With named arrays it works; with temporaries in the call the collector takes them, and what is
// written to the file begins with somebody else's pointers. The native array is the object's field.
// missed: the arrays are the caller's, who may have made them on the pinned heap
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class IovecList
{
    private readonly iovec* _pieces;

    public IovecList(params byte[][] buffers)
    {
        Count = (uint)buffers.Length;
        _pieces = (iovec*)NativeMemory.Alloc(Count, (nuint)sizeof(iovec));
        for (int i = 0; i < buffers.Length; i++)
        {
            _pieces[i].iov_base =
                Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffers[i]));
            _pieces[i].iov_len = (nuint)buffers[i].Length;
        }
    }

    public uint Count { get; }

    public iovec* Pieces => _pieces;
}

internal static unsafe class WriteTest
{
    public static int Run(io_uring* ring, int fd)
    {
        var write = new IovecList("hello world"u8.ToArray(), "hello world"u8.ToArray());
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_writev(sqe, fd, write.Pieces, write.Count, 0);
        if (io_uring_submit(ring) != 1)
        {
            return -1;
        }
        io_uring_cqe* cqe;
        int error = io_uring_wait_cqe(ring, &cqe);
        return error == 0 && cqe->res == 22 ? 0 : -1;
    }
}
