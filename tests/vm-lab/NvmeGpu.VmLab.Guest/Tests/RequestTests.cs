using System;
using System.Diagnostics;
using System.Threading;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>Reads that are asked for through a request queue, of a namespace.</summary>
internal static class RequestTests
{
    private const int RegionBytes = 1 << 20; // more than one command may move

    public static void Requests_read_blocks_of_a_namespace_and_bad_ones_fail_alone(GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(2 * RegionBytes);
        using var end = new CancellationTokenSource();
        using var loop = MegakernelIoLoop.Open(new MegakernelIoLoopOptions { UseCommands = true });
        uint drive = loop.AddNamespace(source);
        RegisteredMemory memory = loop.Register(buffer);
        uint first = loop.AddDestination(memory.Region(0, RegionBytes));
        uint second = loop.AddDestination(memory.Region(RegionBytes, RegionBytes));
        Check.That(source.TransferBytesMax < RegionBytes, "one command brings all of a request.");

        var thread = new Thread(() => loop.Run(end.Token));
        thread.Start();
        for (long offset = 0; offset + RegionBytes <= context.Data.LengthBytes; offset += 3 * RegionBytes)
        {
            DeviceWords.Fill(buffer);
            loop.Queue.Post(0, new MegakernelRequest(drive, first, (ulong)offset, RegionBytes, 1));
            loop.Queue.Post(1, new MegakernelRequest(drive, second, (ulong)offset + 1, RegionBytes, 2));
            loop.Queue.Post(2, new MegakernelRequest(
                drive, second, (ulong)context.Data.LengthBytes, (uint)source.LbaBytes, 3));
            loop.Queue.Post(3, new MegakernelRequest(
                drive, second, (ulong)offset, (uint)source.LbaBytes, 4));
            Check.Equal(new MegakernelAnswer(MegakernelRequestError.None, 1), Answer(loop, 0), "the answer");
            Check.Equal(MegakernelRequestError.Misaligned, Answer(loop, 1).Error, "the unaligned one");
            Check.Equal(MegakernelRequestError.OutsideSource, Answer(loop, 2).Error, "the one at the end");
            Check.Equal(new MegakernelAnswer(MegakernelRequestError.None, 4), Answer(loop, 3), "one block");
            // SAFETY: both regions, and nothing is in flight.
            unsafe
            {
                Check.Pattern(
                    new ReadOnlySpan<byte>((void*)buffer.Address, RegionBytes), offset, context.Seed);
                Check.Pattern(
                    new ReadOnlySpan<byte>((void*)(buffer.Address + RegionBytes), source.LbaBytes), offset,
                    context.Seed);
            }
        }
        end.Cancel();
        thread.Join();
        Check.Equal(loop.DoneCount, loop.FailedCount, "requests that failed, beside those that did not");
        Check.That(loop.DoneCount > 0, "nothing was read.");
    }

    private static MegakernelAnswer Answer(MegakernelIoLoop loop, int entry)
    {
        long start = Stopwatch.GetTimestamp();
        MegakernelAnswer answer;
        while (!loop.Queue.TryTake(entry, out answer))
        {
            Check.That(Stopwatch.GetElapsedTime(start).TotalSeconds < 60, $"request {entry} has no answer.");
            Thread.Yield();
        }
        return answer;
    }
}
