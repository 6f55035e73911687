#nullable enable
using System;
using System.Threading.Tasks;
using NvmeGpu;

internal static class AfterAwait
{
    public static async Task<int> RunAsync()
    {
        using IoUring ring = IoUring.Create(new IoUringOptions());
        await Task.Delay(10);
        return {|NVG0013:ring.Wait(1, TimeSpan.FromSeconds(1))|};
    }
}
