#nullable enable
using NvmeGpu;
using NvmeGpu.Bindings;

internal static unsafe class OneBeyond
{
    private const int SlotBytes = 512;
    private const uint ReadBytes = SlotBytes + 1;

    public static void Fill(io_uring_sqe* sqe, int file, RegisteredRegion whole)
    {
        RegisteredRegion slot = whole.Slice(1024, SlotBytes);
        SubmissionEntry.ReadFixed(
            out *sqe, file, (void*)slot.Address, {|NVG0006:ReadBytes|}, 0, slot.BufferIndex, 1);
    }
}
