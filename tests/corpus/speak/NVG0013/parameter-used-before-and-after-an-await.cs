#nullable enable
using System.Threading.Tasks;
using NvmeGpu;

internal static class BothSides
{
    public static async Task<bool> PumpAsync(IoUring ring, Task pause)
    {
        if (ring.Submit() == 0)
        {
            return false;
        }
        await pause;
        return {|NVG0013:ring.Submit()|} > 0;
    }
}
