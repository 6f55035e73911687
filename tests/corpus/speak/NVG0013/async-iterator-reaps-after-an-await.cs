#nullable enable
using System.Collections.Generic;
using System.Threading.Tasks;
using NvmeGpu;

internal static class Iterator
{
    public static async IAsyncEnumerable<int> ReapAsync(Task pause)
    {
        using IoUring ring = IoUring.Create(new IoUringOptions());
        await pause;
        while ({|NVG0013:ring.TryReap(out Completion completion)|})
        {
            yield return completion.IsShort ? 0 : completion.Errno;
        }
    }
}
