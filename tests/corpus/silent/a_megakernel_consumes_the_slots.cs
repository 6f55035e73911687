#nullable enable
using System;
using System.Threading;
using NvmeGpu;

/// <summary>Consumers on threads of their own; disposed before the driver.</summary>
public sealed class CountingConsumer : ISlotConsumer
{
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public void Consume(in PublishedSlot slot)
    {
        if (!slot.IsAbandoned)
        {
            Interlocked.Add(ref _bytes, slot.Bytes.Length);
        }
    }

    public static long Run(string path, Action<string> report)
    {
        var consumer = new CountingConsumer();
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotSizeBytes = 65536 });
        using (new HostMegakernel(driver.Queue, consumer, workerCount: 2))
        {
            driver.Ingest(IngestSource.File(path), completed =>
            {
                if (completed.Status != IngestStatus.Published)
                {
                    report(completed.Path);
                }
            });
        }
        return consumer.Bytes;
    }
}
