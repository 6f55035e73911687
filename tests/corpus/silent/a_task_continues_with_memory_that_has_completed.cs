#nullable enable
using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>The read is complete before the first await; afterwards only managed memory is used.</summary>
public static class CompleteThenAwait
{
    public static async Task CopyHeadAsync(SafeFileHandle handle, Stream output, CancellationToken cancel)
    {
        byte[] head = ReadHead(handle);
        await output.WriteAsync(head, cancel).ConfigureAwait(false);
        await output.FlushAsync(cancel).ConfigureAwait(false);
    }

    private static unsafe byte[] ReadHead(SafeFileHandle handle)
    {
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(512);
        RegisteredRegion region = ring.Register(buffer).Region(0, 512);
        RegisteredFile file = ring.Register(handle);
        _ = ring.Read(region, file, 0);
        ring.Wait(1, Timeout.InfiniteTimeSpan);
        return ring.TryReap(out Completion completion) && completion.IsSuccess
            ? new ReadOnlySpan<byte>((void*)region.Address, completion.ByteCount).ToArray()
            : [];
    }
}
