#nullable enable
using NvmeGpu;

internal static class LateHandle
{
    public static nint Handle(long lengthBytes)
    {
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(lengthBytes);
        buffer.Dispose();
        return {|NVG0008:buffer|}.DangerousGetHandle();
    }
}
