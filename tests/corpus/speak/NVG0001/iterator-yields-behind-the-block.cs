#nullable enable
using System.Collections.Generic;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class Pages(int fd)
{
    private readonly byte[] _page = new byte[4096];
    private unsafe io_uring* _ring;

    public unsafe void Use(io_uring* ring) => _ring = ring;

    public IEnumerable<int> Begin(int count)
    {
        for (int i = 0; i < count; i++)
        {
            int submitted;
            unsafe
            {
                fixed (byte* p = _page)
                {
                    io_uring_prep_read(io_uring_get_sqe(_ring), fd, {|NVG0001:p|}, 4096, (ulong)i * 4096);
                    submitted = io_uring_submit(_ring);
                }
            }
            yield return submitted;
        }
    }
}
