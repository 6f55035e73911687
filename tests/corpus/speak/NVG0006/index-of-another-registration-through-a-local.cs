#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class CrossedLocal
{
    public static void Fill(io_uring_sqe* sqe, int file, RegisteredRegion a, RegisteredRegion b)
    {
        ushort index = b.BufferIndex;
        SubmissionEntry.ReadFixed(
            out *sqe, file, (void*)a.Address, 512, 0, bufferIndex: {|NVG0006:index|}, userData: 1);
    }
}
