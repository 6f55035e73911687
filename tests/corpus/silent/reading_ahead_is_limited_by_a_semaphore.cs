#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>A queue of started reads, awaited in order; what is left over is awaited in finally.</summary>
public sealed class ReadAhead(
    UringStream stream, RegisteredMemory memory, RegisteredFile file, int blockBytes)
{
    public async IAsyncEnumerable<byte[]> BlocksAsync(
        long length, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        int window = (int)(memory.LengthBytes / blockBytes);
        var running = new Queue<(int Slot, Task<int> Task)>(window);
        long next = 0;
        try
        {
            for (int slot = 0; slot < window && next < length; slot++)
            {
                running.Enqueue((slot, Begin(slot, next, cancel)));
                next += blockBytes;
            }
            while (running.TryDequeue(out (int Slot, Task<int> Task) first))
            {
                int count = await first.Task.ConfigureAwait(false);
                byte[] block = Copy(first.Slot, count);
                if (next < length)
                {
                    running.Enqueue((first.Slot, Begin(first.Slot, next, cancel)));
                    next += blockBytes;
                }
                yield return block;
            }
        }
        finally
        {
            foreach ((int _, Task<int> task) in running)
            {
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task<int> Begin(int slot, long offset, CancellationToken cancel) =>
        stream.ReadAsync(Region(slot), file, offset, cancel).AsTask();

    private RegisteredRegion Region(int slot) => memory.Region((long)slot * blockBytes, blockBytes);

    private unsafe byte[] Copy(int slot, int count) =>
        new Span<byte>((void*)Region(slot).Address, count).ToArray();
}
