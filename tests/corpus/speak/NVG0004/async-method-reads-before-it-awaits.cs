#nullable enable
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class AsyncEager
{
    private unsafe io_uring* _ring;

    public async Task<int> ReadAsync(int fd, Task completed)
    {
        int first;
        unsafe
        {
            byte* block = (byte*)NativeMemory.AllocZeroed(64);
            io_uring_prep_read(io_uring_get_sqe(_ring), fd, block, 64, 0);
            first = io_uring_submit(_ring) == 1 ? {|NVG0004:block[0]|} : -1;
        }
        await completed;
        return first;
    }
}
