#nullable enable
using System;
using NvmeGpu;

/// <summary>The token's index addresses the caller's own state; short reads are continued.</summary>
public sealed class OwnedWindow(IoUring ring, RegisteredMemory memory, RegisteredFile file, int blockBytes)
{
    private readonly RegisteredRegion[] _regions = new RegisteredRegion[ring.DepthMax];
    private readonly long[] _offsets = new long[ring.DepthMax];

    public long ReadAll(long length)
    {
        long next = 0;
        long bytes = 0;
        for (int i = 0; i < ring.DepthMax && next < length; i++, next += blockBytes)
        {
            Begin(memory.Region((long)i * blockBytes, blockBytes), next);
        }
        while (ring.InFlightCount > 0)
        {
            ring.Wait(1, TimeSpan.FromSeconds(1));
            while (ring.TryReap(out Completion completion))
            {
                if (!completion.IsSuccess)
                {
                    throw new IoUringException("read", completion.Errno, "");
                }
                int index = completion.Token.Index;
                RegisteredRegion region = _regions[index];
                long offset = _offsets[index];
                bytes += completion.ByteCount;
                if (completion.IsShort && completion.ByteCount > 0)
                {
                    int rest = region.LengthBytes - completion.ByteCount;
                    Begin(region.Slice(completion.ByteCount, rest), offset + completion.ByteCount);
                }
                else if (!completion.IsShort && next < length)
                {
                    Begin(region, next);
                    next += blockBytes;
                }
            }
        }
        return bytes;
    }

    private void Begin(RegisteredRegion region, long offset)
    {
        ReadToken token = ring.Read(region, file, offset);
        _regions[token.Index] = region;
        _offsets[token.Index] = offset;
    }
}
