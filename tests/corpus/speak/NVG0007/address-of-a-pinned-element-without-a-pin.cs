#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Misnamed
{
    public static void Fill(io_uring_sqe* sqe, int fd)
    {
        var page = new byte[512];
        SubmissionEntry.Read(
            out *sqe, fd, {|NVG0007:(void*)Marshal.UnsafeAddrOfPinnedArrayElement(page, 0)|}, 512, 0, 1);
    }
}
