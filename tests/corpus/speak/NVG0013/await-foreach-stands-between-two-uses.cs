#nullable enable
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NvmeGpu;

internal static class Between
{
    public static async Task<int> RunAsync(IoUring ring, IAsyncEnumerable<int> numbers)
    {
        int sum = ring.Wait(0, TimeSpan.Zero);
        await foreach (int number in numbers)
        {
            sum += number;
        }
        return sum + {|NVG0013:ring.Wait(count: 0, timeout: TimeSpan.Zero)|};
    }
}
