#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class ForgottenRegister
{
    public static void Fill(io_uring_sqe* sqe, int file)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        void* start = (void*)buffer.Address;
        SubmissionEntry.ReadFixed(out *sqe, file, {|NVG0006:start|}, 4096, 0, 0, 1);
    }
}
