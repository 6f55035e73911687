using System;
using System.Collections.Generic;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>What the driver's commands meet on a kernel before Linux 6.12.</summary>
internal static class IngestKernelTests
{
    /// <summary>
    /// All slots are one registration, and the kernel looks at its length instead of the command's.
    /// </summary>
    public static void Linux_6_1_ingests_by_passthrough_into_slots_no_larger_together_than_a_command(
        GuestContext context)
    {
        const int Blocks = 5000; // ends within a slot
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using (NvmeGpuIngestDriver large = Open(slotCount: 8, slotSizeBytes: 256 << 10))
        {
            List<CompletedIngest> refused = Ingest(context, large, source, Blocks);
            Check.Equal((1, IngestStatus.Failed), (refused.Count, refused[0].Status), "how it ended");
            string message = refused[0].Error!.Message;
            Check.That(
                message.Contains("EINVAL", StringComparison.Ordinal)
                    && message.Contains("larger than one command", StringComparison.Ordinal), message);
        }
        using NvmeGpuIngestDriver small = Open(slotCount: 2, slotSizeBytes: 64 << 10);
        List<CompletedIngest> all = Ingest(context, small, source, Blocks);
        Check.That(all.TrueForAll(one => one.Status == IngestStatus.Published), $"{all[^1].Error}");
        Check.Equal((long)Blocks * source.LbaBytes, small.Telemetry.BytesPublished, "bytes of the range");
    }

    private static NvmeGpuIngestDriver Open(int slotCount, int slotSizeBytes) =>
        NvmeGpuIngestDriver.Open(new IngestOptions
        {
            ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
            SlotCount = slotCount,
            SlotSizeBytes = slotSizeBytes,
        });

    private static List<CompletedIngest> Ingest(
        GuestContext context, NvmeGpuIngestDriver driver, NvmeNamespace source, ulong blocks)
    {
        _ = driver.SubmitNativeNvmeRead(source, 0, blocks);
        List<CompletedIngest> all = [];
        var completed = new CompletedIngest[8];
        while (!driver.IsIdle)
        {
            int count = driver.PollCompletions(completed);
            foreach (CompletedIngest one in completed.AsSpan(0, count))
            {
                all.Add(one);
                if (one.Status == IngestStatus.Published)
                {
                    Check.Pattern(driver.BytesOf(one.Slot), one.OffsetBytes, context.Seed);
                    driver.Release(one.Slot);
                }
            }
            _ = count > 0 || driver.WaitForProgress(TimeSpan.FromSeconds(1));
        }
        return all;
    }
}
