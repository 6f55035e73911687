#nullable enable
using System;
using NvmeGpu;

internal static class Waker
{
    public static void Wake(IoUring ring, bool isNeeded)
    {
        if (isNeeded)
        {
            {|NVG0005:ring.Nop()|};
        }
        ArgumentOutOfRangeException.ThrowIfNegative(ring.Submit());
    }
}
