#nullable enable
using System;
using System.Diagnostics;
using NvmeGpu;

/// <summary>Cancel asks; the loop goes on until that very token came back.</summary>
public static class CancelToken
{
    public static bool TryRead(
        IoUring ring, RegisteredRegion into, RegisteredFile file, TimeSpan patience, out int count)
    {
        ReadToken token = ring.Read(into, file, 0);
        long start = Stopwatch.GetTimestamp();
        bool isAsked = false;
        while (true)
        {
            ring.Wait(1, TimeSpan.FromMilliseconds(50));
            while (ring.TryReap(out Completion completion))
            {
                if (completion.Token == token)
                {
                    count = completion.IsSuccess ? completion.ByteCount : 0;
                    return completion.IsSuccess;
                }
            }
            if (!isAsked && Stopwatch.GetElapsedTime(start) > patience)
            {
                isAsked = ring.Cancel(token);
            }
        }
    }
}
