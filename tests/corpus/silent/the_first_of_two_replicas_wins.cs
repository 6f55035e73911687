#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>Hedged reads into two regions; the loser is cancelled and awaited before its region is
/// reused.</summary>
public static class HedgedReader
{
    public static async Task<(RegisteredRegion Region, int Count)> ReadAsync(
        UringStream stream,
        (RegisteredFile File, RegisteredRegion Into) first,
        (RegisteredFile File, RegisteredRegion Into) second,
        long offset)
    {
        using var cancel = new CancellationTokenSource();
        Task<int> one = stream.ReadAsync(first.Into, first.File, offset, cancel.Token).AsTask();
        if (await Task.WhenAny(one, Task.Delay(20)).ConfigureAwait(false) == one)
        {
            return (first.Into, await one.ConfigureAwait(false));
        }
        Task<int> two = stream.ReadAsync(second.Into, second.File, offset, cancel.Token).AsTask();
        Task<int> winner = await Task.WhenAny(one, two).ConfigureAwait(false);
        await cancel.CancelAsync().ConfigureAwait(false);
        Task<int> loser = winner == one ? two : one;
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int count = await winner.ConfigureAwait(false);
        return (winner == one ? first.Into : second.Into, count);
    }
}
