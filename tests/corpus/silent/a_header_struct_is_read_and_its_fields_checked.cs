#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>An explicit struct over native memory; fields looked at after the completion.</summary>
public static unsafe class FileHeader
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Magic;
        public ushort Version;
        public ushort Flags;
        public ulong Length;
        public fixed byte Name[16];
    }

    public static bool IsValid(io_uring* ring, int fd)
    {
        Header* header = (Header*)NativeMemory.AllocZeroed((nuint)sizeof(Header));
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, header, (uint)sizeof(Header), 0);
        if (io_uring_submit(ring) != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while (io_uring_wait_cqe(ring, &cqe) != 0)
        {
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        bool isValid = count == sizeof(Header) && header->Magic == 0x4E564D45
            && header->Version is >= 1 and < 4
            && header->Name[0] != 0;
        NativeMemory.Free(header);
        return isValid;
    }
}
