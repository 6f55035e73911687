#nullable enable
using System.Threading.Channels;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>Regions travel through a channel and come back through another.</summary>
public static class ChannelPipeline
{
    public static async Task<long> RunAsync(
        UringStream stream, RegisteredMemory memory, RegisteredFile file, long length)
    {
        const int Block = 1 << 16;
        Channel<RegisteredRegion> free = Channel.CreateUnbounded<RegisteredRegion>();
        var full = Channel.CreateBounded<(RegisteredRegion Region, int Count)>(4);
        for (int i = 0; i < 4; i++)
        {
            free.Writer.TryWrite(memory.Region((long)i * Block, Block));
        }
        Task producer = ProduceAsync();
        long sum = 0;
        await foreach ((RegisteredRegion region, int count) in full.Reader.ReadAllAsync())
        {
            sum += First(region) + count;
            await free.Writer.WriteAsync(region);
        }
        await producer;
        return sum;

        async Task ProduceAsync()
        {
            for (long offset = 0; offset < length;)
            {
                RegisteredRegion region = await free.Reader.ReadAsync();
                int count = await stream.ReadAsync(region, file, offset);
                if (count == 0)
                {
                    break;
                }
                offset += count;
                await full.Writer.WriteAsync((region, count));
            }
            full.Writer.Complete();
        }
    }

    private static unsafe byte First(RegisteredRegion region) => *(byte*)region.Address;
}
