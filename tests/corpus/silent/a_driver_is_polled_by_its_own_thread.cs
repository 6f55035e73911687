#nullable enable
using System;
using System.Collections.Generic;
using NvmeGpu;

/// <summary>SubmitFile, PollCompletions, Release: the driver without a megakernel.</summary>
public static class PolledDriver
{
    public static long Read(IReadOnlyList<string> paths)
    {
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 8 });
        var completed = new CompletedIngest[16];
        long bytes = 0;
        int next = 0;
        while (next < paths.Count || !driver.IsIdle)
        {
            while (next < paths.Count && driver.CanSubmit)
            {
                driver.SubmitFile(paths[next++], tag: next);
            }
            int count = driver.PollCompletions(completed);
            foreach (ref readonly CompletedIngest one in completed.AsSpan(0, count))
            {
                if (one.Status == IngestStatus.Published)
                {
                    bytes += driver.BytesOf(one.Slot).Length;
                    driver.Release(one.Slot);
                }
                else
                {
                    Console.Error.WriteLine($"{one.Path}: {one.Error?.Message}");
                }
            }
            if (count == 0)
            {
                driver.WaitForProgress(TimeSpan.FromMilliseconds(100));
            }
        }
        return bytes;
    }
}
