using System;
using System.Diagnostics;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.Tool.Bench;

/// <summary>
/// One ring kept full by one thread through the owned API: reap a batch, begin as many again, submit them in
/// one system call. Made, used and disposed on one thread.
/// </summary>
internal abstract class RingLoop : IDisposable
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    private readonly int _batch;

    protected RingLoop(int depthMax, int batch)
    {
        _batch = Math.Min(batch, depthMax);
        Ring = IoUring.Create(new IoUringOptions { DepthMax = depthMax });
    }

    protected IoUring Ring { get; }

    public IoUringFeatures Features => Ring.Features;

    /// <summary>
    /// Runs until the JIT has nothing left to do: the methods of the loop are called tens of thousands of
    /// times, and compiled to the last tier in the background meanwhile.
    /// </summary>
    public void WarmUp() => Run(s_warmUp);

    /// <summary>Operations per second.</summary>
    public double Run(TimeSpan duration)
    {
        while (Ring.InFlightCount < Ring.DepthMax)
        {
            BeginFirst(Ring.InFlightCount);
        }
        Submit();
        long operations = 0;
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        long now;
        do
        {
            Round();
            operations += _batch;
            now = Stopwatch.GetTimestamp();
        }
        while (now < end);
        Drain();
        return operations / Stopwatch.GetElapsedTime(start, now).TotalSeconds;
    }

    public virtual void Dispose() => Ring.Dispose();

    /// <summary>Begins an operation while the ring is being filled.</summary>
    protected abstract void BeginFirst(int index);

    /// <summary>Checks what was done, and begins the next operation in its place.</summary>
    protected abstract void BeginNext(in Completion done);

    private void Round()
    {
        for (int reaped = 0; reaped < _batch;)
        {
            if (Ring.TryReap(out Completion done))
            {
                BeginNext(done);
                reaped++;
            }
            else
            {
                Ring.Wait(_batch - reaped, Timeout.InfiniteTimeSpan);
            }
        }
        Submit();
    }

    private void Submit()
    {
        _ = Ring.Submit(); // what it leaves, the next call submits
    }

    private void Drain()
    {
        while (Ring.InFlightCount > 0)
        {
            if (!Ring.TryReap(out Completion _))
            {
                Ring.Wait(Ring.InFlightCount, Timeout.InfiniteTimeSpan);
            }
        }
    }
}

/// <summary>Operations that do nothing: what the ring itself costs.</summary>
internal sealed class NopLoop(int depthMax, int batch) : RingLoop(depthMax, batch)
{
    protected override void BeginFirst(int index) => _ = Ring.Nop();

    protected override void BeginNext(in Completion done)
    {
        if (!done.IsSuccess)
        {
            throw new ToolException(ExitCode.Refused, $"a NOP failed with {Errno.NameOf(done.Errno)}.");
        }
        _ = Ring.Nop();
    }
}

/// <summary>Random reads of 4 KiB into registered memory, from a registered file.</summary>
internal sealed class RandomReadLoop : RingLoop
{
    public const int BlockBytes = 4096;

    private readonly GpuMappedBuffer _buffer;
    private readonly RegisteredRegion[] _regions;
    private readonly RegisteredFile _file;
    private readonly ulong _blocks;
    private ulong _random = 0x9E3779B97F4A7C15;

    public RandomReadLoop(BenchFile file, int depthMax, int batch)
        : base(depthMax, batch)
    {
        _buffer = GpuMappedBuffer.AllocateHost((long)depthMax * BlockBytes);
        RegisteredMemory memory = Ring.Register(_buffer);
        _regions = new RegisteredRegion[depthMax];
        for (int i = 0; i < depthMax; i++)
        {
            _regions[i] = memory.Region((long)i * BlockBytes, BlockBytes);
        }
        using SafeFileHandle handle = System.IO.File.OpenHandle(file.FullPath);
        _file = Ring.Register(handle);
        _blocks = (ulong)(file.LengthBytes / BlockBytes);
    }

    public override void Dispose()
    {
        base.Dispose();
        _buffer.Dispose();
    }

    // Tokens have an index below the depth, unique among the operations in flight; a new operation takes the
    // index that the last reaped one has left, so that each region has one operation at a time.
    protected override void BeginFirst(int index) => _ = Ring.Read(_regions[index], _file, NextOffset());

    protected override void BeginNext(in Completion done)
    {
        if (!done.IsSuccess || done.ByteCount != BlockBytes)
        {
            Fail(done);
        }
        _ = Ring.Read(_regions[done.Token.Index], _file, NextOffset());
    }

    private long NextOffset()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return (long)Math.BigMul(_random, _blocks, out _) * BlockBytes;
    }

    private static void Fail(in Completion done) => throw new ToolException(
        ExitCode.Refused,
        done.IsSuccess
            ? $"a read brought {done.ByteCount} of {BlockBytes} bytes: the file was changed meanwhile."
            : $"a read failed with {Errno.NameOf(done.Errno)}, {Errno.MeaningOf(done.Errno)}.");
}
