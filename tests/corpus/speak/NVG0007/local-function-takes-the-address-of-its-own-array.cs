#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal static unsafe class Nested
{
    public static void Fill(io_uring_sqe* first, io_uring_sqe* second)
    {
        Set(first);
        Set(second);

        static void Set(io_uring_sqe* sqe)
        {
            long[] words = new long[8];
            sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref words[0])|};
        }
    }
}
