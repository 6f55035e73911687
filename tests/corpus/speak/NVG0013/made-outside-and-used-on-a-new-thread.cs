#nullable enable
using System.Threading;
using NvmeGpu;

internal static class Threaded
{
    public static Thread Start()
    {
        IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        var thread = new Thread(() => {|NVG0013:ring.Wait(1, Timeout.InfiniteTimeSpan)|});
        thread.Start();
        return thread;
    }
}
