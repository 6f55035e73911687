#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class TooLong
{
    public static void Fill(io_uring_sqe* sqe, int file, RegisteredMemory memory)
    {
        RegisteredRegion slot = memory.Region(offsetBytes: 0, lengthBytes: 4096);
        SubmissionEntry.ReadFixed(
            out *sqe, file, (void*)slot.Address, {|NVG0006:8192|}, 0, slot.BufferIndex, 1);
    }
}
