#nullable enable
// Museum row 29, fixed (museum/29-plain-descriptor-in-a-fixed-operation.cs):
// https://github.com/ringbahn/iou/issues/11
// https://github.com/spacejam/sled/pull/886
// The file is registered, and the operation takes the registration.
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

internal static class FixedRead
{
    public static int Read(IoUring ring, GpuMappedBuffer buffer, SafeFileHandle file)
    {
        using RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile registered = ring.Register(file);
        ReadToken token = ring.Read(memory.Region(0, 4096), registered, 0);
        ring.Wait(1, TimeSpan.FromSeconds(1));
        return ring.TryReap(out Completion completion) && completion.Token == token && completion.IsSuccess
            ? completion.ByteCount
            : -1;
    }
}
