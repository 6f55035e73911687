#nullable enable
using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>UringStream with ConfigureAwait and cancellation; disposed when the method ends.</summary>
public static class StreamBlocks
{
    public static async Task<long> CountLinesAsync(string path, CancellationToken cancel)
    {
        await using UringStream stream = UringStream.Open(new IoUringOptions());
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(1 << 16);
        RegisteredRegion region = stream.Register(buffer).Region(0, 1 << 16);
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = stream.Register(handle);
        long lines = 0;
        long offset = 0;
        int count;
        while ((count = await stream.ReadAsync(region, file, offset, cancel).ConfigureAwait(false)) > 0)
        {
            lines += CountLines(region, count);
            offset += count;
        }
        return lines;
    }

    private static unsafe int CountLines(RegisteredRegion region, int count) =>
        new ReadOnlySpan<byte>((void*)region.Address, count).Count((byte)'\n');
}
