#nullable enable
// Museum row 32: https://github.com/well-typed/blockio-uring/issues/58,
// https://github.com/axboe/liburing/issues/1595 (Haskell)
// A runtime submitted from whichever worker thread it was on. Workers come and go; a read that had to be
// tried again after its submitter was gone completed with EFAULT. The thread that submits is part of the
// ring's state.
// caught: NVG0013
using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

internal static class WorkerSubmission
{
    public static int Read(SafeFileHandle source)
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 16 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(source);
        RegisteredRegion into = memory.Region(0, 4096);

        var worker = new Thread(() =>
        {
            _ = {|NVG0013:ring.Read(into, file, 0)|};
            _ = {|NVG0013:ring.Submit()|};
        });
        worker.Start();
        worker.Join();

        ring.Wait(1, TimeSpan.FromSeconds(1));
        return ring.TryReap(out Completion completion) && completion.IsSuccess ? completion.ByteCount : -1;
    }
}
