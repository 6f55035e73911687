#nullable enable
using System.Threading.Tasks;
using NvmeGpu;

internal static class Nested
{
    public static Task<int> Start(Task pause)
    {
        return RunAsync(DepthOf(3));

        static int DepthOf(int power) => 1 << power;

        async Task<int> RunAsync(int depth)
        {
            using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = depth });
            await pause;
            return {|NVG0013:ring.Submit()|};
        }
    }
}
