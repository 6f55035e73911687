#nullable enable
using System;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>Read ahead: the next block is begun before the current one is looked at.</summary>
public static class ReadAhead
{
    public static async Task<long> SumAsync(UringStream stream, RegisteredMemory memory, RegisteredFile file)
    {
        const int Block = 65536;
        RegisteredRegion[] halves = [memory.Region(0, Block), memory.Region(Block, Block)];
        long offset = 0;
        long sum = 0;
        int current = 0;
        ValueTask<int> pending = stream.ReadAsync(halves[0], file, 0);
        while (true)
        {
            int count = await pending.ConfigureAwait(false);
            if (count < Block)
            {
                return sum + Sum(halves[current], count);
            }
            offset += count;
            pending = stream.ReadAsync(halves[current ^ 1], file, offset);
            sum += Sum(halves[current], count);
            current ^= 1;
        }
    }

    private static unsafe long Sum(RegisteredRegion region, int count)
    {
        long sum = 0;
        foreach (byte value in new ReadOnlySpan<byte>((void*)region.Address, count))
        {
            sum += value;
        }
        return sum;
    }
}
