#nullable enable
using System;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>ReadAllAsync: the slot's bytes are used inside the loop's body only.</summary>
public static class DriverLoop
{
    public static async Task<string> HashAsync(string folder, CancellationToken cancel)
    {
        await using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(new IngestOptions());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IngestSource source = IngestSource.Directory(folder);
        await foreach (IngestedSlot slot in driver.ReadAllAsync(source).WithCancellation(cancel))
        {
            hash.AppendData(slot.Bytes);
            if (slot.IsLast)
            {
                Console.WriteLine(slot.Path);
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
