#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal record struct State(long Number, bool IsDone);

internal static unsafe class Records
{
    public static int Save(io_uring* ring, int fd, State state)
    {
        State* copy = (State*)NativeMemory.Alloc((nuint)sizeof(State));
        *copy = state with { IsDone = true };
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_write(nbytes: (uint)sizeof(State), buf: {|NVG0015:copy|}, fd: fd, sqe: sqe, offset: 0);
        return io_uring_submit(ring);
    }
}
