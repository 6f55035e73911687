#nullable enable
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

internal static class Background
{
    public static Task<int> Start(IoUring ring)
    {
        int submitted = ring.Submit();
        return Task.Run(() => submitted + {|NVG0013:ring.Wait(1, Timeout.InfiniteTimeSpan)|});
    }
}
