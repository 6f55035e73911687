#nullable enable
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed class RawRing
{
    private unsafe io_uring* _ring;

    public async Task<int> RunAsync(Task pause)
    {
        unsafe
        {
            if (io_uring_queue_init(8, _ring, IORING_SETUP_SINGLE_ISSUER) != 0)
            {
                return -1;
            }
        }
        await pause;
        unsafe
        {
            return {|NVG0013:io_uring_submit(_ring)|};
        }
    }
}
