#nullable enable
using System.Threading.Tasks;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class AsyncForgotten
{
    private unsafe io_uring* _ring;

    public async Task<int> ReadAsync(int fd, Task completed)
    {
        int submitted;
        unsafe
        {
            GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
            void* start = (void*){|NVG0016:buffer.Address|};
            io_uring_prep_read(io_uring_get_sqe(_ring), fd, start, 4096, 0);
            submitted = io_uring_submit(_ring);
        }
        await completed;
        return submitted;
    }
}
