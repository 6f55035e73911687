#nullable enable
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>Task.Run around a blocking ingest; the driver is made and disposed inside.</summary>
public sealed class BackgroundIngest : ISlotConsumer
{
    private readonly Dictionary<uint, long> _bytesOf = [];

    public void Consume(in PublishedSlot slot)
    {
        lock (_bytesOf)
        {
            _bytesOf[slot.Source] = slot.IsAbandoned
                ? -1
                : _bytesOf.GetValueOrDefault(slot.Source) + slot.Bytes.Length;
        }
    }

    public async Task<IReadOnlyDictionary<uint, long>> RunAsync(string folder, CancellationToken cancel)
    {
        await Task.Run(
            () =>
            {
                using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
                    new IngestOptions { DirectIo = true, SlotCount = 16, PublishInOrder = false });
                using var megakernel = new HostMegakernel(driver.Queue, this);
                driver.Ingest(IngestSource.Directory(folder), cancel: cancel);
            },
            cancel);
        return _bytesOf;
    }
}
