#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>After cancelling, the task is awaited: only then is the region free again.</summary>
public static class CancelledRead
{
    public static async Task<int> ReadOrZeroAsync(
        UringStream stream, RegisteredRegion region, RegisteredFile pipe, TimeSpan patience)
    {
        using var stop = new CancellationTokenSource(patience);
        try
        {
            return await stream.ReadAsync(region, pipe, 0, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    public static async Task<bool> WhicheverIsFirst(
        UringStream stream, RegisteredRegion region, RegisteredFile pipe)
    {
        using var stop = new CancellationTokenSource();
        Task<int> read = stream.ReadAsync(region, pipe, 0, stop.Token).AsTask();
        Task first = await Task.WhenAny(read, Task.Delay(100, CancellationToken.None));
        if (first != read)
        {
            await stop.CancelAsync();
        }
        try
        {
            return await read > 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
