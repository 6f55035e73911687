#nullable enable
using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>The owned types in their smallest form.</summary>
public static class OwnedOnce
{
    public static int Read(SafeFileHandle handle)
    {
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        ReadToken token = ring.Read(memory.Region(0, 4096), file, 0);
        Completion completion;
        while (!ring.TryReap(out completion))
        {
            ring.Wait(1, Timeout.InfiniteTimeSpan);
        }
        if (completion.Token != token || !completion.IsSuccess)
        {
            throw new IoUringException("read", completion.Errno, "");
        }
        return completion.ByteCount;
    }
}
