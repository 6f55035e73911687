#nullable enable
// Museum row 32, fixed (museum/32-worker-thread-submits-and-exits.cs):
// https://github.com/well-typed/blockio-uring/issues/58
// https://github.com/axboe/liburing/issues/1595
// One thread that lives long enough makes the ring, submits and reaps.
using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

internal static class WorkerSubmission
{
    public static int Read(SafeFileHandle source)
    {
        int result = -1;
        var worker = new Thread(() => result = ReadOnOneThread(source));
        worker.Start();
        worker.Join();
        return result;
    }

    private static int ReadOnOneThread(SafeFileHandle source)
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 16 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(source);
        RegisteredRegion into = memory.Region(0, 4096);

        ReadToken token = ring.Read(into, file, 0);
        ring.Wait(1, TimeSpan.FromSeconds(1));
        return ring.TryReap(out Completion completion) && completion.Token == token && completion.IsSuccess
            ? completion.ByteCount
            : -1;
    }
}
