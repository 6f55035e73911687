#nullable enable
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class Pages(int fd)
{
    private readonly byte[] _page = new byte[4096];
    private unsafe io_uring* _ring;

    public unsafe void Use(io_uring* ring) => _ring = ring;

    public async IAsyncEnumerable<int> BeginAsync(Task completed)
    {
        int submitted;
        unsafe
        {
            GCHandle pin = GCHandle.Alloc(_page, GCHandleType.Pinned);
            io_uring_prep_read(io_uring_get_sqe(_ring), fd, (void*)pin.AddrOfPinnedObject(), 4096, 0);
            submitted = io_uring_submit(_ring);
            {|NVG0003:pin.Free()|};
        }
        await completed;
        yield return submitted;
    }
}
