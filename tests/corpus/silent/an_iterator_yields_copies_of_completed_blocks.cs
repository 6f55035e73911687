#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>yield return over owned types; the bytes are copied before they are handed out.</summary>
public static class BlockIterator
{
    public static IEnumerable<byte[]> Blocks(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredRegion region = ring.Register(buffer).Region(0, 4096);
        RegisteredFile file = ring.Register(handle);
        for (long offset = 0; ;)
        {
            ReadToken token = ring.Read(region, file, offset);
            ring.Wait(1, Timeout.InfiniteTimeSpan);
            if (!ring.TryReap(out Completion completion) || completion.Token != token)
            {
                throw new InvalidOperationException("No completion.");
            }
            if (!completion.IsSuccess || completion.ByteCount == 0)
            {
                yield break;
            }
            offset += completion.ByteCount;
            yield return Copy(region, completion.ByteCount);
        }
    }

    private static unsafe byte[] Copy(RegisteredRegion region, int count) =>
        new ReadOnlySpan<byte>((void*)region.Address, count).ToArray();
}
