#nullable enable
using NvmeGpu;

internal static class LateHandle
{
    public static nint Handle(long lengthBytes)
    {
        using var other = GpuMappedBuffer.AllocateHost(lengthBytes);
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(other.LengthBytes);
        buffer.Dispose();
        return {|NVG0008:buffer|}.DangerousGetHandle();
    }
}
