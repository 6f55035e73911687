#nullable enable
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>Bytes that outlive the iteration are copied.</summary>
public static class KeepCopies
{
    public static async Task<List<byte[]>> FirstBytesAsync(IEnumerable<string> paths)
    {
        var kept = new List<byte[]>();
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotSizeBytes = 4096 });
        IngestSource source = IngestSource.Items(Numbered(paths));
        await foreach (IngestedSlot slot in driver.ReadAllAsync(source))
        {
            if (slot.OffsetBytes == 0)
            {
                kept.Add(slot.Bytes[..Math.Min(16, slot.ByteCount)].ToArray());
            }
        }
        return kept;
    }

    private static IEnumerable<IngestItem> Numbered(IEnumerable<string> paths)
    {
        long tag = 0;
        foreach (string path in paths)
        {
            yield return new IngestItem(path, LengthBytes: 16, Tag: tag++);
        }
    }
}
