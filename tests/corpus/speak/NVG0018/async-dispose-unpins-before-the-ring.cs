#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class AsyncReader(int fd) : IAsyncDisposable
{
    private readonly byte[] _page = new byte[4096];
    private GCHandle _pin;
    private unsafe io_uring* _ring;

    public unsafe int Begin()
    {
        _pin = GCHandle.Alloc(_page, GCHandleType.Pinned);
        io_uring_prep_read(io_uring_get_sqe(_ring), fd, (void*)_pin.AddrOfPinnedObject(), 4096, 0);
        return io_uring_submit(_ring);
    }

    public ValueTask DisposeAsync()
    {
        unsafe
        {
            {|NVG0018:_pin.Free()|};
            io_uring_queue_exit(_ring);
        }
        return ValueTask.CompletedTask;
    }
}
