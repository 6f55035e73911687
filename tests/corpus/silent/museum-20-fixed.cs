#nullable enable
// Museum row 20, fixed (museum/20b-tokens-of-a-batch-are-dropped.cs):
// https://github.com/kvcache-ai/Mooncake/issues/3066
// Each operation has an id, and only completions of this batch's ids count.
using System.Collections.Generic;
using System.Threading;
using NvmeGpu;

internal sealed class BatchReader(IoUring ring, RegisteredFile file)
{
    public long ReadBatch(RegisteredRegion[] into, long offsetBytes)
    {
        long totalBytes = 0;
        var own = new HashSet<ReadToken>();
        foreach (RegisteredRegion region in into)
        {
            if (ring.InFlightCount == ring.DepthMax)
            {
                return -1; // with the reads so far in flight
            }
            own.Add(ring.Read(region, file, offsetBytes));
            offsetBytes += region.LengthBytes;
        }
        return Collect(own, totalBytes);
    }

    private long Collect(HashSet<ReadToken> own, long totalBytes)
    {
        bool hasFailed = false;
        while (own.Count > 0)
        {
            ring.Wait(1, Timeout.InfiniteTimeSpan);
            if (!ring.TryReap(out Completion completion) || !own.Remove(completion.Token))
            {
                continue;
            }
            hasFailed |= !completion.IsSuccess;
            totalBytes += completion.IsSuccess ? completion.ByteCount : 0;
        }
        return hasFailed ? -1 : totalBytes;
    }
}
