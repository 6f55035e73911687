#nullable enable
// Museum row 20: https://github.com/kvcache-ai/Mooncake/issues/3066 (C++)
// The same batch with the owned types. That the report's entries carry no user data means here that nobody
// keeps the tokens, and without them a completion of an earlier, abandoned batch cannot be told from one's
// own.
// caught: NVG0005
using System.Threading;
using NvmeGpu;

internal sealed class BatchReader(IoUring ring, RegisteredFile file)
{
    public long ReadBatch(RegisteredRegion[] into, long offsetBytes)
    {
        long totalBytes = 0;
        foreach (RegisteredRegion region in into)
        {
            if (ring.InFlightCount == ring.DepthMax)
            {
                return -1; // with the reads so far in flight
            }
            {|NVG0005:ring.Read(region, file, offsetBytes)|};
            offsetBytes += region.LengthBytes;
        }
        return Collect(into.Length, totalBytes);
    }

    private long Collect(int expected, long totalBytes)
    {
        ring.Wait(expected, Timeout.InfiniteTimeSpan);
        bool hasFailed = false;
        while (ring.TryReap(out Completion completion))
        {
            hasFailed |= !completion.IsSuccess;
            totalBytes += completion.IsSuccess ? completion.ByteCount : 0;
        }
        return hasFailed ? -1 : totalBytes;
    }
}
