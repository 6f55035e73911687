using System;
using System.Collections.Generic;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>A driver whose reads have the results that a test wants, and who polls it.</summary>
internal static class PolledDriver
{
    public const int SlotBytes = 64 << 10;

    public const int SlotBlocks = SlotBytes / 512;

    /// <summary>For commands, with four slots.</summary>
    public static IngestOptions Options => new()
    {
        ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
        SlotCount = 4,
        SlotSizeBytes = SlotBytes,
    };

    public static NvmeGpuIngestDriver Open(in IngestOptions options, FaultyReads faults) =>
        NvmeGpuIngestDriver.Open(options, (_, _, _, _) => (CapabilityOutcome.Proven, ""), faults.Change);

    /// <summary>Polls until nothing is left, and gives every slot back.</summary>
    public static List<CompletedIngest> PollToIdle(
        NvmeGpuIngestDriver driver, Action<CompletedIngest>? onSlot = null)
    {
        List<CompletedIngest> all = [];
        var completed = new CompletedIngest[3];
        for (int idle = 0; !driver.IsIdle && idle < 100;)
        {
            int count = driver.PollCompletions(completed);
            foreach (CompletedIngest one in completed.AsSpan(0, count))
            {
                all.Add(one);
                if (one.Status == IngestStatus.Published)
                {
                    onSlot?.Invoke(one);
                    driver.Release(one.Slot);
                }
            }
            if (count == 0 && !driver.WaitForProgress(TimeSpan.FromSeconds(1)))
            {
                idle++;
            }
        }
        Assert.True(driver.IsIdle, "The driver did not come to its end.");
        return all;
    }
}
