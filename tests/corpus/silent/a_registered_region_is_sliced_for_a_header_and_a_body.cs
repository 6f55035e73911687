#nullable enable
using System;
using System.Diagnostics;
using System.Threading;
using NvmeGpu;

/// <summary>Slices of a region have its index and stay inside it.</summary>
public static class HeaderAndBody
{
    public static (int Header, int Body) Read(IoUring ring, RegisteredMemory memory, RegisteredFile file)
    {
        RegisteredRegion whole = memory.Region(0, 8192);
        ReadToken header = ring.Read(whole.Slice(0, 512), file, 0);
        ReadToken body = ring.Read(whole.Slice(4096, 4096), file, 4096);
        (int Header, int Body) counts = (-1, -1);
        for (int seen = 0; seen < 2;)
        {
            ring.Wait(1, Timeout.InfiniteTimeSpan);
            while (ring.TryReap(out Completion completion))
            {
                seen++;
                int count = completion switch
                {
                    { IsSuccess: false, Errno: var errno } => -errno,
                    { IsShort: true, ByteCount: 0 } => 0,
                    var full => full.ByteCount,
                };
                counts = completion.Token == header ? counts with { Header = count }
                    : completion.Token == body ? counts with { Body = count }
                    : throw new UnreachableException();
            }
        }
        return counts;
    }
}
