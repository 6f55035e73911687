#nullable enable
using NvmeGpu;

internal static class RingGone
{
    public static int Run()
    {
        IoUring ring = IoUring.Create(new IoUringOptions());
        ring.Dispose();
        return {|NVG0008:ring|}.Submit();
    }
}
