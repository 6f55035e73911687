#nullable enable
using NvmeGpu;

internal static class LateAddress
{
    public static nint Address()
    {
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 20);
        buffer.Dispose();
        return {|NVG0008:buffer|}.Address;
    }
}
