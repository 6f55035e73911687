#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A SafeHandle over native memory, used through using declarations.</summary>
public sealed unsafe class AlignedBlock : SafeHandle
{
    private AlignedBlock(nint address, int bytes)
        : base(0, ownsHandle: true)
    {
        SetHandle(address);
        LengthBytes = bytes;
    }

    public int LengthBytes { get; }

    public override bool IsInvalid => handle == 0;

    [Stable]
    public byte* Address => (byte*)handle;

    public static AlignedBlock Allocate(int bytes) =>
        new((nint)NativeMemory.AlignedAlloc((nuint)bytes, 4096), bytes);

    public static long ReadBlock(io_uring* ring, int fd)
    {
        using AlignedBlock block = Allocate(8192);
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        io_uring_prep_read(sqe, fd, block.Address, (uint)block.LengthBytes, 0);
        int result = io_uring_submit(ring);
        if (result != 1)
        {
            Environment.FailFast("io_uring_submit");
        }
        io_uring_cqe* cqe;
        while ((result = io_uring_wait_cqe(ring, &cqe)) == -Libc.EINTR)
        {
        }
        if (result < 0)
        {
            Environment.FailFast("io_uring_wait_cqe");
        }
        int count = cqe->res;
        io_uring_cqe_seen(ring, cqe);
        return count < 8 ? -1 : *(long*)block.Address;
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
