#nullable enable
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class AsyncReader
{
    private readonly byte[] _page = new byte[4096];
    private unsafe io_uring* _ring;

    public async Task ReadAsync(int fd, Task completed)
    {
        unsafe
        {
            fixed (byte* p = _page)
            {
                io_uring_prep_read(io_uring_get_sqe(_ring), fd, {|NVG0001:p|}, 4096, 0);
                if (io_uring_submit(_ring) < 1)
                {
                    return;
                }
            }
        }
        await completed;
    }
}
