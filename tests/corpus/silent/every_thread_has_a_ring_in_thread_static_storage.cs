#nullable enable
using System;
using NvmeGpu;

/// <summary>A ring per thread in a thread-static field, made on first use.</summary>
public static class PerThread
{
    [ThreadStatic]
    private static IoUring? t_ring;

    private static IoUring Ring => t_ring ??= IoUring.Create(new IoUringOptions { DepthMax = 2 });

    public static bool IsAlive()
    {
        IoUring ring = Ring;
        ReadToken token = ring.Nop();
        ring.Wait(1, TimeSpan.FromSeconds(1));
        return ring.TryReap(out Completion completion) && completion.Token == token && completion.IsSuccess;
    }

    public static void End()
    {
        t_ring?.Dispose();
        t_ring = null;
    }
}
