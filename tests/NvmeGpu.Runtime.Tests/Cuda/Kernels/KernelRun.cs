using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda.Kernels;

/// <summary>
/// The kernel on threads of this machine, and the driver's side of a real queue: publishes slots, waits until
/// they are consumed, and takes them back.
/// </summary>
internal sealed class KernelRun : IDisposable
{
    private const int ResultStrideBytes = 16 + (4 * 256);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly HostThreads _threads;
    private readonly int _slotSizeBytes;
    private readonly GpuMappedBuffer _slots;
    private readonly GpuMappedBuffer _words; // the claim word, and a page further the stop word
    private readonly GpuMappedBuffer _results;
    private readonly GpuMappedBuffer _tables; // offsets of slots, destinations, literals
    private readonly MegakernelIoQueue _queue;
    private readonly nint _grid;
    private uint _position;
    private bool _isEnded;

    public KernelRun(
        HostThreads threads, uint blockCount, int slotCount, int slotSizeBytes, string[]? literals = null,
        int overlapBytes = 0, byte[][]? destinations = null, uint firstPosition = 0)
    {
        _threads = threads;
        _slotSizeBytes = slotSizeBytes;
        _position = firstPosition;
        long[] offsets = new long[slotCount];
        for (int i = 0; i < slotCount; i++)
        {
            offsets[i] = (long)i * slotSizeBytes;
        }
        _slots = GpuMappedBuffer.AllocateHost((long)slotCount * slotSizeBytes);
        _queue = new MegakernelIoQueue(_slots, offsets, slotSizeBytes, HostMemoryProvider.Shared);
        _words = GpuMappedBuffer.AllocateHost(8192);
        _results = GpuMappedBuffer.AllocateHost((long)_queue.Capacity * ResultStrideBytes);
        _tables = GpuMappedBuffer.AllocateHost(1 << 20);
        Destinations = destinations ?? [];
        unsafe
        {
            *(uint*)_words.Address = firstPosition;
            *(uint*)(_words.Address + 4096) = 0;
            offsets.CopyTo(new Span<long>((void*)_tables.Address, slotCount));
            var parameters = new KernelParameters
            {
                Entries = _queue.Entries.Address,
                Slots = _slots.Address,
                SlotOffsets = _tables.Address,
                Next = _words.Address,
                Stop = _words.Address + 4096,
                Results = _results.Address,
                Destinations = _tables.Address + (1 << 18),
                Literals = _tables.Address + (1 << 19),
                LiteralBytes = _tables.Address + (3 << 18),
                EntryMask = (uint)_queue.Capacity - 1,
                SlotCount = (uint)slotCount,
                ResultStrideBytes = ResultStrideBytes,
                DestinationCount = (uint)Destinations.Length,
                LiteralCount = (uint)(literals?.Length ?? 0),
                OverlapBytes = (uint)overlapBytes,
            };
            uint first = 0;
            for (int i = 0; i < literals?.Length; i++)
            {
                byte[] bytes = Encoding.Latin1.GetBytes(literals[i]);
                ((KernelLiteral*)parameters.Literals)[i] = new()
                {
                    First = first,
                    ByteCount = (uint)bytes.Length,
                };
                bytes.CopyTo(new Span<byte>((byte*)parameters.LiteralBytes + first, bytes.Length));
                first += (uint)bytes.Length;
            }
            // One more than the kernel is told of: it must not use it.
            for (int i = 0; i <= Destinations.Length && Destinations.Length > 0; i++)
            {
                byte[] destination = Destinations[i % Destinations.Length];
                ((KernelDestination*)parameters.Destinations)[i] = new()
                {
                    Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(destination, 0),
                    LengthBytes = (ulong)destination.Length,
                };
            }
            _grid = threads.Launch(parameters, blockCount);
        }
    }

    /// <summary>What slots are copied to: arrays on the pinned heap, by source.</summary>
    public byte[][] Destinations { get; }

    public int Capacity => _queue.Capacity;

    /// <summary>The position that the next publishing has.</summary>
    public uint Position => _position;

    public Span<byte> Slot(int index)
    {
        unsafe
        {
            return new Span<byte>((byte*)_slots.Address + ((long)index * _slotSizeBytes), _slotSizeBytes);
        }
    }

    /// <summary>Publishes a slot's first bytes and returns the position.</summary>
    public uint Publish(KernelOperation operation, int slot, int byteCount, long offset = 0, uint source = 0)
    {
        uint position = _position;
        _queue.Publish(position, new MegakernelSlot
        {
            Operation = (uint)operation | (uint)MegakernelOperation.LastOfSource,
            Source = source,
            Destination = (uint)slot,
            OffsetLow = unchecked((uint)offset),
            OffsetHigh = (uint)(offset >> 32),
            ByteCount = (uint)byteCount,
        });
        _position = unchecked(position + 1);
        return position;
    }

    /// <summary>Waits until it is consumed, takes it back, and returns what the kernel wrote.</summary>
    public KernelResult Take(uint position)
    {
        long start = Stopwatch.GetTimestamp();
        var spinner = new SpinWait();
        while (!_queue.IsCompleted(position))
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start) < s_patience, $"position {position} is not consumed.");
            spinner.SpinOnce();
        }
        KernelResult result = Read(position);
        Assert.True(_queue.TryRecycle(position));
        return result;
    }

    public bool IsConsumed(uint position) => _queue.IsCompleted(position);

    public KernelResult Run(
        KernelOperation operation, ReadOnlySpan<byte> bytes, long offset = 0, uint source = 0)
    {
        bytes.CopyTo(Slot(0));
        return Take(Publish(operation, 0, bytes.Length, offset, source));
    }

    /// <summary>Sets the stop word and waits until the kernel has ended.</summary>
    public void Stop()
    {
        unsafe
        {
            Volatile.Write(ref *(uint*)(_words.Address + 4096), 1);
        }
        _threads.Join(_grid);
        _isEnded = true;
    }

    public void Dispose()
    {
        if (!_isEnded)
        {
            Stop();
        }
        _queue.Dispose();
        foreach (GpuMappedBuffer buffer in (GpuMappedBuffer[])[_slots, _words, _results, _tables])
        {
            buffer.Dispose();
        }
    }

    private KernelResult Read(uint position)
    {
        unsafe
        {
            uint* words = (uint*)(
                _results.Address + ((nint)(position & (uint)(_queue.Capacity - 1)) * ResultStrideBytes));
            return new KernelResult(
                words[0], words[1], (KernelError)words[2],
                new Span<uint>(words + 4, (int)words[3]).ToArray());
        }
    }
}
