#nullable enable
// Museum row 29: https://github.com/ringbahn/iou/issues/11 and https://github.com/spacejam/sled/pull/886
// (Rust)
// A read into a registered buffer also set the flag that says "this is the index of a registered file", with
// an ordinary descriptor: EBADF, or another file's bytes. Two different registrations had been taken for one.
// caught: does not compile (CS1503)
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

internal static class FixedRead
{
    public static int Read(IoUring ring, GpuMappedBuffer buffer, SafeFileHandle file)
    {
        using RegisteredMemory memory = ring.Register(buffer);
        int fd = (int)file.DangerousGetHandle();
        ReadToken token = ring.Read({|CS1503:memory.Region(0, 4096)|}, {|CS1503:fd|}, 0);
        ring.Wait(1, TimeSpan.FromSeconds(1));
        return ring.TryReap(out Completion completion) && completion.Token == token && completion.IsSuccess
            ? completion.ByteCount
            : -1;
    }
}
