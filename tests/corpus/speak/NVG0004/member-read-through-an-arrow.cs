#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Versioned
{
    private struct Header
    {
        public uint Magic;
        public uint Version;
    }

    public static uint Version(io_uring* ring, int fd)
    {
        Header* header = (Header*)NativeMemory.AllocZeroed((nuint)sizeof(Header));
        io_uring_prep_read(io_uring_get_sqe(ring), fd, header, (uint)sizeof(Header), 0);
        int submitted = io_uring_submit(ring);
        return submitted == 1 ? {|NVG0004:header->Version|} : 0;
    }
}
