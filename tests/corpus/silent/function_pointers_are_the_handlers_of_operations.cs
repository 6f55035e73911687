#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>user_data points to a header whose first field is the handler; C's container_of in C#.</summary>
public static unsafe class Handlers
{
    private struct Header
    {
        public delegate*<Header*, int, void> Handler;
    }

    private struct ReadOperation
    {
        public Header Header;
        public long* Total;
        public byte* Buffer;
        public int Length;
    }

    public static void Begin(io_uring* ring, int fd, ulong offset, long* total)
    {
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            throw new InvalidOperationException("full");
        }
        var operation = (ReadOperation*)NativeMemory.Alloc((nuint)sizeof(ReadOperation));
        *operation = new ReadOperation
        {
            Header = new Header { Handler = &OnRead },
            Total = total,
            Buffer = (byte*)NativeMemory.Alloc(4096),
            Length = 4096,
        };
        io_uring_prep_read(sqe, fd, operation->Buffer, (uint)operation->Length, offset);
        io_uring_sqe_set_data(sqe, &operation->Header);
    }

    private static void OnRead(Header* header, int result)
    {
        var operation = (ReadOperation*)header;
        if (result > 0)
        {
            *operation->Total += result;
        }
        NativeMemory.Free(operation->Buffer);
        NativeMemory.Free(operation);
    }

    public static void Dispatch(io_uring* ring)
    {
        io_uring_cqe* cqe;
        while (io_uring_peek_cqe(ring, &cqe) == 0)
        {
            var header = (Header*)io_uring_cqe_get_data(cqe);
            int result = cqe->res;
            io_uring_cqe_seen(ring, cqe);
            header->Handler(header, result);
        }
    }
}
