#nullable enable
using System;
using NvmeGpu.Bindings;

internal static unsafe class Mapped
{
    private struct Header
    {
        public int Version;
    }

    public static int Version(int fd)
    {
        Header* header = (Header*)Libc.mmap(null, 4096, Libc.PROT_READ, Libc.MAP_SHARED, fd, 0);
        if (Libc.munmap(header, 4096) != 0)
        {
            throw new InvalidOperationException("munmap failed.");
        }
        return {|NVG0008:header|}->Version;
    }
}
