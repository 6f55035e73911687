#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class NativeBlock : SafeBuffer
{
    public NativeBlock(int lengthBytes)
        : base(ownsHandle: true)
    {
        SetHandle(Marshal.AllocHGlobal(lengthBytes));
        Initialize((ulong)lengthBytes);
    }

    protected override bool ReleaseHandle()
    {
        Marshal.FreeHGlobal(handle);
        return true;
    }
}

internal static unsafe class Foreign
{
    public static int Read(io_uring* ring, int fd)
    {
        var block = new NativeBlock(4096);
        void* start = (void*)block.DangerousGetHandle();
        io_uring_prep_read(io_uring_get_sqe(ring), fd, start, 4096, 0);
        int submitted = io_uring_submit(ring);
        {|NVG0003:block.Dispose()|};
        return submitted;
    }
}
