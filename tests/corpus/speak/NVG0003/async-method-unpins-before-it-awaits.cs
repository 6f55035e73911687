#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class AsyncPinned
{
    private readonly byte[] _page = new byte[4096];
    private unsafe io_uring* _ring;

    public async Task ReadAsync(int fd, Task completed)
    {
        unsafe
        {
            GCHandle pin = GCHandle.Alloc(_page, GCHandleType.Pinned);
            io_uring_prep_read(io_uring_get_sqe(_ring), fd, (void*)pin.AddrOfPinnedObject(), 4096, 0);
            int submitted = io_uring_submit(_ring);
            {|NVG0003:pin.Free()|};
            ArgumentOutOfRangeException.ThrowIfNotEqual(submitted, 1);
        }
        await completed;
    }
}
