#nullable enable
using NvmeGpu;

internal static class LateRegion
{
    public static int Length(IoUring ring, long offsetBytes)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        RegisteredMemory memory = ring.Register(buffer);
        memory.Dispose();
        RegisteredRegion region = {|NVG0008:memory|}.Region(offsetBytes, 4096);
        return region.LengthBytes;
    }
}
