#nullable enable
using System;
using System.Diagnostics;
using System.Threading;
using NvmeGpu;

/// <summary>A latency probe: NOPs move no bytes, so success is all there is.</summary>
public static class NopLatency
{
    public static TimeSpan Measure(int rounds)
    {
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < rounds; i++)
        {
            ReadToken token = ring.Nop();
            ring.Wait(1, Timeout.InfiniteTimeSpan);
            if (!ring.TryReap(out Completion completion) || completion.Token != token
                || !completion.IsSuccess)
            {
                throw new InvalidOperationException("The NOP failed.");
            }
        }
        return Stopwatch.GetElapsedTime(start) / rounds;
    }
}
