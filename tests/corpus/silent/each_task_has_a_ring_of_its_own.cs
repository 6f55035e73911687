#nullable enable
using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>One ring, one thread: a ring per task, made, used and disposed inside it.</summary>
public static class RingPerTask
{
    public static async Task<long> SumAsync(string[] paths)
    {
        var tasks = new Task<long>[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            string path = paths[i];
            tasks[i] = Task.Run(() => LengthByReading(path));
        }
        long sum = 0;
        foreach (long bytes in await Task.WhenAll(tasks).ConfigureAwait(false))
        {
            sum += bytes;
        }
        return sum;
    }

    private static long LengthByReading(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(65536);
        RegisteredRegion region = ring.Register(buffer).Region(0, 65536);
        RegisteredFile file = ring.Register(handle);
        long offset = 0;
        while (true)
        {
            _ = ring.Read(region, file, offset);
            ring.Wait(1, Timeout.InfiniteTimeSpan);
            if (!ring.TryReap(out Completion completion))
            {
                throw new TimeoutException(path);
            }
            if (!completion.IsSuccess)
            {
                throw new IoUringException(path, completion.Errno, "");
            }
            if (completion.ByteCount == 0)
            {
                return offset;
            }
            offset += completion.ByteCount;
        }
    }
}
