#nullable enable
// Museum row 14, fixed (museum/14-list-of-pieces-dies-with-the-constructor.cs):
// https://github.com/tokio-rs/tokio-uring/pull/257
// The operation holds the pieces until it is completed.
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal unsafe struct SendOperation
{
    public msghdr Message;
    public int SentBytes;
    public iovec* Pieces;
}

internal static unsafe class ZeroCopySend
{
    public static void Begin(
        io_uring* ring,
        int socket,
        [KernelRetains(Until.Completion)] SendOperation* operation,
        [KernelRetains(Until.Completion)] byte* header,
        [KernelRetains(Until.Completion)] byte* body,
        nuint bodyBytes)
    {
        iovec* pieces = (iovec*)NativeMemory.Alloc(2, (nuint)sizeof(iovec));
        operation->Pieces = pieces;
        pieces[0].iov_base = header;
        pieces[0].iov_len = 16;
        pieces[1].iov_base = body;
        pieces[1].iov_len = bodyBytes;
        operation->SentBytes = 0;
        operation->Message.msg_iov = pieces;
        operation->Message.msg_iovlen = 2;

        io_uring_sqe* entry = io_uring_get_sqe(ring);
        io_uring_prep_sendmsg_zc(entry, socket, &operation->Message, 0);
        io_uring_sqe_set_data(entry, operation);
    }

    public static void OnCompleted(SendOperation* operation, int sentBytes)
    {
        operation->SentBytes = sentBytes;
        NativeMemory.Free(operation->Pieces);
    }
}
