#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>An async iterator over a stream: a block is the consumer's until the next iteration.</summary>
public static class StreamIterator
{
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> BlocksAsync(
        string path, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        const int Block = 1 << 15;
        await using UringStream stream = UringStream.Open(new IoUringOptions { DepthMax = 2 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(Block);
        RegisteredRegion region = stream.Register(buffer).Region(0, Block);
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = stream.Register(handle);
        byte[] copy = new byte[Block];
        for (long offset = 0; ;)
        {
            int count = await stream.ReadAsync(region, file, offset, cancel);
            if (count == 0)
            {
                yield break;
            }
            Copy(region, copy.AsSpan(0, count));
            yield return copy.AsMemory(0, count);
            offset += count;
        }
    }

    private static unsafe void Copy(RegisteredRegion region, Span<byte> into) =>
        new ReadOnlySpan<byte>((void*)region.Address, into.Length).CopyTo(into);
}
