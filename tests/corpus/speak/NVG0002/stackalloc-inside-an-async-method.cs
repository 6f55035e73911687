#nullable enable
using System;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class AsyncHeader
{
    private unsafe io_uring* _ring;

    public async Task BeginAsync(int fd, Task completed)
    {
        unsafe
        {
            byte* header = stackalloc byte[16];
            io_uring_prep_read(io_uring_get_sqe(_ring), fd, {|NVG0002:header|}, 16, 0);
            if (io_uring_submit(_ring) != 1)
            {
                throw new InvalidOperationException("Not submitted.");
            }
        }
        await completed;
    }
}
