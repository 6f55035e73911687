#nullable enable
using System.Threading;
using NvmeGpu;

internal static class Pooled
{
    public static void Start(ManualResetEventSlim done)
    {
        IoUring ring = IoUring.Create(new IoUringOptions());
        ThreadPool.QueueUserWorkItem(_ =>
        {
            {|NVG0013:ring.Wait(1, Timeout.InfiniteTimeSpan)|};
            done.Set();
        });
    }
}
