#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Loop
{
    public static int ReadAll(io_uring* ring, int[] files)
    {
        int begun = 0;
        while (begun < files.Length)
        {
            byte* block = (byte*)NativeMemory.AllocZeroed(4096);
            io_uring_prep_read(io_uring_get_sqe(ring), files[begun], block, 4096, 0);
            begun += io_uring_submit(ring);
            {|NVG0003:NativeMemory.Free(block)|};
        }
        return begun;
    }
}
