#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class TwoBuffers
{
    public static void Fill(io_uring_sqe* sqe, int file, IoUring ring)
    {
        using var left = GpuMappedBuffer.AllocateHost(1 << 20);
        using var right = GpuMappedBuffer.AllocateHost(1 << 20);
        RegisteredRegion first = ring.Register(left).Region(0, 4096);
        RegisteredRegion second = ring.Register(right).Region(0, 4096);
        void* start = (void*)first.Address;
        SubmissionEntry.ReadFixed(out *sqe, file, start, 4096, 0, {|NVG0006:second.BufferIndex|}, 1);
    }
}
