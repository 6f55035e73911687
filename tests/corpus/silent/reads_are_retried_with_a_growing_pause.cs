#nullable enable
using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu;

/// <summary>Retries, a deadline per try, and a filter; the owner is disposed after everything.</summary>
public static class PatientReader
{
    public static async Task<byte[]> ReadAsync(
        UringStream stream, RegisteredRegion region, RegisteredFile file, long offset,
        CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            deadline.CancelAfter(TimeSpan.FromSeconds(attempt));
            try
            {
                int count = await stream.ReadAsync(region, file, offset, deadline.Token)
                    .ConfigureAwait(false);
                return Copy(region, count);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested && attempt < 5)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), cancel).ConfigureAwait(false);
            }
            catch (IoUringException error) when (error.Errno is 5 or 11 && attempt < 5)
            {
                await Task.Yield();
            }
        }
    }

    private static unsafe byte[] Copy(RegisteredRegion region, int count) =>
        new ReadOnlySpan<byte>((void*)region.Address, count).ToArray();
}
