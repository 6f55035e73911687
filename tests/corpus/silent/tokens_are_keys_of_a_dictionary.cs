#nullable enable
using System;
using System.Collections.Generic;
using System.Threading.Channels;
using NvmeGpu;

/// <summary>The ring's own thread serves a channel of requests; tokens find their requests again.</summary>
public sealed class RingWorker(IoUring ring, RegisteredMemory memory, int blockBytes)
{
    public sealed record Request(RegisteredFile File, long Offset, Action<RegisteredRegion, Completion> Done);

    private readonly Dictionary<ReadToken, (Request Request, RegisteredRegion Region)> _inFlight = [];
    private readonly Stack<RegisteredRegion> _free = new(Cut(memory, blockBytes));

    public void Serve(ChannelReader<Request> requests)
    {
        while (!requests.Completion.IsCompleted || _inFlight.Count > 0)
        {
            bool isNew = false;
            while (_free.Count > 0 && ring.InFlightCount < ring.DepthMax
                && requests.TryRead(out Request? request))
            {
                RegisteredRegion region = _free.Pop();
                _inFlight.Add(ring.Read(region, request.File, request.Offset), (request, region));
                isNew = true;
            }
            if (isNew)
            {
                _ = ring.Submit(); // what is left over goes with the wait
            }
            if (_inFlight.Count > 0)
            {
                ring.Wait(1, TimeSpan.FromMilliseconds(10));
            }
            while (ring.TryReap(out Completion completion))
            {
                if (_inFlight.Remove(completion.Token, out var pending))
                {
                    pending.Request.Done(pending.Region, completion);
                    _free.Push(pending.Region);
                }
            }
        }
    }

    private static IEnumerable<RegisteredRegion> Cut(RegisteredMemory memory, int blockBytes)
    {
        for (long at = 0; at + blockBytes <= memory.LengthBytes; at += blockBytes)
        {
            yield return memory.Region(at, blockBytes);
        }
    }
}
