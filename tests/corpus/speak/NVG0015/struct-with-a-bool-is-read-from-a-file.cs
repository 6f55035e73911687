#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Reader
{
    private struct Entry
    {
        public long Number;
        public bool IsValid;
    }

    public static int Read(io_uring* ring, int fd)
    {
        Entry* entry = (Entry*)NativeMemory.AllocZeroed((nuint)sizeof(Entry));
        io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0015:entry|}, (uint)sizeof(Entry), 0);
        return io_uring_submit(ring);
    }
}
