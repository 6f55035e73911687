#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class Crossed
{
    public static void Fill(io_uring_sqe* sqe, int file, RegisteredRegion source, RegisteredRegion target)
    {
        void* start = (void*)target.Address;
        uint length = (uint)target.LengthBytes;
        SubmissionEntry.ReadFixed(out *sqe, file, start, length, 0, {|NVG0006:source.BufferIndex|}, 1);
    }
}
