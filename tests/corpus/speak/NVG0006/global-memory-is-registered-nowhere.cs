#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Marshalled
{
    public static void Fill(io_uring_sqe* sqe, int file)
    {
        nint block = Marshal.AllocHGlobal(512);
        SubmissionEntry.ReadFixed(out *sqe, file, {|NVG0006:(void*)block|}, 512, 0, 3, 1);
    }
}
