using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// Reads by the owned types: as many in flight as the ring is deep, at random places; whenever a batch is
/// done, as many new ones. c-reader.c does the same.
/// </summary>
internal sealed class OwnedReader : IDisposable
{
    private const int Depth = SpeedRun.Depth;

    private readonly GpuMappedBuffer _buffer;
    private readonly IoUring _ring;
    private readonly NvmeNamespace _source;
    private readonly int _readBytes;
    private readonly bool _isRegistered;
    private readonly RegisteredRegion[] _registered = [];
    private readonly AttachedRegion[] _attached = [];
    private readonly int[] _slots = [.. Enumerable.Range(0, Depth).Reverse()];
    private readonly int[] _slotOf = new int[Depth];
    private int _freeCount = Depth;
    private ulong _random = 88172645463325252;

    public OwnedReader(string charPath, bool isRegistered)
    {
        _isRegistered = isRegistered;
        _source = NvmeNamespace.Open(charPath);
        _readBytes = SpeedRun.BlocksPerRead * _source.LbaBytes;
        _buffer = GpuMappedBuffer.AllocateHost((long)Depth * _readBytes);
        DeviceWords.Fill(_buffer); // so that no page is missing later
        // Entries of one size, as the program in C has them.
        _ring = IoUring.Create(new IoUringOptions
        {
            DepthMax = Depth,
            UseBigEntries = true,
            AllowMixedEntries = false,
        });
        _ring.Register(_source);
        if (isRegistered)
        {
            RegisteredMemory memory = _ring.Register(_buffer);
            _registered =
            [
                .. Enumerable.Range(0, Depth).Select(
                    slot => memory.Region((long)slot * _readBytes, _readBytes)),
            ];
        }
        else
        {
            AttachedMemory memory = _ring.Attach(_buffer);
            _attached =
            [
                .. Enumerable.Range(0, Depth).Select(
                    slot => memory.Region((long)slot * _readBytes, _readBytes)),
            ];
        }
    }

    public SpeedRun Run(int reads)
    {
        ulong sum = 0;
        int begun = 0;
        long enters = _ring.EnterCount;
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < reads;)
        {
            for (; _freeCount > 0 && begun < reads; begun++)
            {
                Begin(_slots[--_freeCount]);
            }
            int wanted = Math.Min(SpeedRun.Batch, Depth - _freeCount);
            while (_ring.Wait(wanted, Timeout.InfiniteTimeSpan) < wanted)
            {
                // It may return earlier.
            }
            for (int i = 0; i < wanted; i++)
            {
                sum = unchecked(sum + Reap());
            }
            done += wanted;
        }
        long nanoseconds = (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return new SpeedRun(reads, nanoseconds, _ring.EnterCount - enters, sum);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _source.Dispose();
        _buffer.Dispose();
    }

    private void Begin(int slot)
    {
        ulong lba = NextLba();
        ReadToken token = _isRegistered
            ? _ring.Read(_registered[slot], _source, lba, SpeedRun.BlocksPerRead)
            : _ring.Read(_attached[slot], _source, lba, SpeedRun.BlocksPerRead);
        _slotOf[token.Index] = slot;
    }

    /// <summary>Returns the first word of what was read.</summary>
    private ulong Reap()
    {
        if (!_ring.TryReap(out Completion completion) || !completion.IsSuccess)
        {
            throw new GuestFailedException(
                $"a read failed: error {completion.Errno}, {completion.NvmeStatus}.");
        }
        int slot = _slotOf[completion.Token.Index];
        _slots[_freeCount++] = slot;
        // SAFETY: the slot is inside the buffer, and its read was reaped.
        unsafe
        {
            return *(ulong*)(_buffer.Address + ((nint)slot * _readBytes));
        }
    }

    private ulong NextLba()
    {
        ulong x = _random; // Marsaglia's xorshift64
        unchecked
        {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        _random = x;
        return x % (_source.LengthLbas / SpeedRun.BlocksPerRead) * SpeedRun.BlocksPerRead;
    }
}
