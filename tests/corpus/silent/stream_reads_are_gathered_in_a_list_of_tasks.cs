#nullable enable
using System.Collections.Generic;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>AsTask and WhenAll: every read's task is observed.</summary>
public static class ManyStreamReads
{
    public static async Task<int[]> ReadAsync(
        UringStream stream, RegisteredMemory memory, RegisteredFile file, int blocks)
    {
        const int Block = 4096;
        var reads = new List<Task<int>>(blocks);
        for (int i = 0; i < blocks; i++)
        {
            long offset = (long)i * Block;
            reads.Add(stream.ReadAsync(memory.Region(offset, Block), file, offset).AsTask());
        }
        return await Task.WhenAll(reads).ConfigureAwait(false);
    }

    public static Task<int> FirstAsync(UringStream stream, RegisteredRegion region, RegisteredFile file) =>
        stream.ReadAsync(region, file, 0).AsTask();
}
