#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

internal static class Parallelism
{
    public static int Run(int count)
    {
        using IoUring ring = IoUring.Create(new IoUringOptions());
        int ready = ring.Wait(0, TimeSpan.Zero);
        Parallel.For(0, count, i =>
        {
            if ({|NVG0013:ring.Submit()|} > i)
            {
                Interlocked.Increment(ref ready);
            }
        });
        return ready;
    }
}
