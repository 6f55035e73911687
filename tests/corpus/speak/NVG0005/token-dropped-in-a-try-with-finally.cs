#nullable enable
using System;
using NvmeGpu;

internal static class Guarded
{
    public static int Begin(IoUring ring)
    {
        try
        {
            {|NVG0005:ring.Nop()|};
            return ring.Submit();
        }
        finally
        {
            Console.WriteLine(ring.InFlightCount);
        }
    }
}
