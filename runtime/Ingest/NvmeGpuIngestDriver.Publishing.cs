#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using NvmeGpu.Contracts;

namespace NvmeGpu;

// From a complete slot to the queue, and back when it was consumed. Nothing here allocates per slot.
partial class NvmeGpuIngestDriver
{
    private const int NoSlot = -1;
    private const int SpinsBeforeSleep = 30;

    private readonly bool _publishInOrder;
    private readonly CompletionChange? _change; // null but in tests

    // For BytesOf, where the slots are another device's memory.
    private PeerMemoryCopy? _copy;

    // Slots in the order in which they are to be published: of submission, or of completion.
    private readonly int[] _order;
    private int _orderHead;
    private int _orderCount;

    // Positions that were published and not yet recycled: [_oldestPosition, _nextPosition).
    private readonly int[] _slotAtPosition;
    private uint _nextPosition;
    private uint _oldestPosition;

    // Sources that failed and have no slot left to report them by.
    private readonly Queue<OpenSource> _settledFailures = new(OpenSourcesMax);

    /// <summary>
    /// Nothing is left to do: every source was read or failed, and every published slot was given back.
    /// </summary>
    public bool IsIdle =>
        _reading.Count == 0 && _orderCount == 0 && _inFlightCount == 0 && _delayedCount == 0
        && _settledFailures.Count == 0 && _oldestPosition == _nextPosition;

    /// <summary>
    /// Goes on with everything that can go on without waiting: takes back consumed slots, begins reads, reaps
    /// completions, publishes.
    /// </summary>
    /// <param name="completed">Receives the slots that were published or failed and the sources that failed,
    /// oldest first.</param>
    /// <returns>How many were written; if all, there may be more.</returns>
    /// <exception cref="InvalidOperationException">The consumer failed: its exception is the inner
    /// one.</exception>
    /// <exception cref="IoUringException">The ring itself failed, or with ETIME a drive did not answer to
    /// the trial read into a device's memory: no slot can be used any more, dispose the driver.</exception>
    public int PollCompletions(Span<CompletedIngest> completed)
    {
        _ring.EnsureUsable();
        ThrowIfLost();
        ThrowIfConsumerFailed();
        Recycle();
        if (_delayedCount > 0)
        {
            BeginDue();
        }
        BeginReads();
        if (_inFlightCount > 0)
        {
            _ = _ring.Submit(); // what it leaves, the next call or wait submits
            while (_ring.TryReap(out Completion completion))
            {
                if (_change is not null)
                {
                    completion = _change(completion);
                }
                OnCompletion(completion);
            }
        }
        return Publish(completed);
    }

    /// <summary>
    /// Waits until there is something for <see cref="PollCompletions"/>: a read completed, a command that
    /// waits to be sent again is due, or a published slot was given back.
    /// </summary>
    /// <returns>False when there is nothing to wait for, or the time was over.</returns>
    /// <exception cref="InvalidOperationException">The consumer failed: its exception is the inner
    /// one.</exception>
    public bool WaitForProgress(TimeSpan timeout)
    {
        _ring.EnsureUsable();
        ThrowIfConsumerFailed();
        if (_inFlightCount > 0)
        {
            bool mayBegin = _delayedCount > 0 && _inFlightCount < _depthMax;
            return _ring.Wait(1, mayBegin ? UntilDue(timeout) : timeout) > 0
                || (mayBegin && UntilDue(TimeSpan.MaxValue) == TimeSpan.Zero);
        }
        if (_delayedCount > 0)
        {
            return WaitForDue(timeout);
        }
        return _oldestPosition != _nextPosition && WaitForConsumer(timeout);
    }

    /// <summary>
    /// Gives back a slot that <see cref="PollCompletions"/> handed to the caller; for use without a
    /// megakernel.
    /// </summary>
    /// <exception cref="InvalidOperationException">The slot is not published, or a megakernel consumes the
    /// queue.</exception>
    public void Release([Releases] SlotIndex slot)
    {
        _ring.EnsureUsable();
        if (Queue.IsConsumed)
        {
            throw new InvalidOperationException("A megakernel consumes the queue: it gives the slots back.");
        }
        if (!IsPublished(slot))
        {
            throw new InvalidOperationException(
                $"Slot {slot.Value} is not published, so there is nothing to give back.");
        }
        Queue.Complete(_slots[slot.Value].Position);
    }

    /// <summary>
    /// The bytes of a published slot, until <see cref="Release"/>; for use without a megakernel. Of another
    /// device's memory it is a copy that the kernel makes, until the next call of this method.
    /// </summary>
    /// <exception cref="InvalidOperationException">The slot is not published.</exception>
    /// <exception cref="System.IO.IOException">The device whose memory it is has gone.</exception>
    public ReadOnlySpan<byte> BytesOf(SlotIndex slot)
    {
        _ring.EnsureUsable();
        if (!IsPublished(slot) || Queue.IsCompleted(_slots[slot.Value].Position))
        {
            throw new InvalidOperationException(
                $"Slot {slot.Value} is not published: its bytes are not the caller's.");
        }
        _copy ??= Queue.CreateCopy();
        return Queue.BytesOf(slot.Value, _slots[slot.Value].ExpectedBytes, _copy);
    }

    private bool IsPublished(SlotIndex slot) =>
        slot.Value >= 0 && slot.Value < _slots.Length && _slots[slot.Value].State == SlotState.Published;

    private int Publish(Span<CompletedIngest> completed)
    {
        int count = 0;
        bool isAnyPublished = false;
        while (count < completed.Length && HasQueueRoom)
        {
            if (_settledFailures.TryDequeue(out OpenSource? failed))
            {
                completed[count++] = ReportFailure(failed);
                isAnyPublished = true;
                continue;
            }
            if (_orderCount == 0 || _slots[_order[_orderHead]].State != SlotState.Settled)
            {
                break;
            }
            int index = PopOrder();
            ref Slot slot = ref _slots[index];
            OpenSource source = slot.Source;
            source.UnsettledSlotCount--;
            if (source.Failure is null)
            {
                completed[count++] = slot.Failure is null
                    ? PublishSlot(index, ref slot) : PublishFailedSlot(index, ref slot);
                isAnyPublished = true;
            }
            else
            {
                Free(index);
                SettleWithoutSlot(source);
            }
        }
        if (isAnyPublished)
        {
            Queue.PublishedBell.Ring();
        }
        return count;
    }

    private bool HasQueueRoom => unchecked(_nextPosition - _oldestPosition) < (uint)Queue.Capacity;

    private CompletedIngest PublishSlot(int index, ref Slot slot)
    {
        OpenSource source = slot.Source;
        bool isLast = source.IsSettled;
        slot.State = SlotState.Published;
        slot.Position = _nextPosition;
        source.IsPartlyPublished = true;
        PublishEntry(index, source, slot.OffsetBytes, slot.ExpectedBytes,
            MegakernelOperation.Consume | (isLast ? MegakernelOperation.LastOfSource : 0));
        _counts.SlotsPublished++;
        _counts.BytesPublished += slot.ExpectedBytes;

        var result = new CompletedIngest
        {
            Source = source.Number,
            Path = source.Path,
            Tag = source.Tag,
            Status = IngestStatus.Published,
            Slot = new SlotIndex(index),
            OffsetBytes = slot.OffsetBytes,
            ByteCount = slot.ExpectedBytes,
            IsLast = isLast,
            Position = slot.Position,
        };
        if (isLast)
        {
            CloseAtEnd(source);
        }
        return result;
    }

    /// <summary>
    /// The slot is free at once: a consumer gets an entry that says what is missing, and no bytes. Without
    /// one, the caller reads it here.
    /// </summary>
    private CompletedIngest PublishFailedSlot(int index, ref Slot slot)
    {
        OpenSource source = slot.Source;
        bool isLast = source.IsSettled;
        if (Queue.IsConsumed)
        {
            source.IsPartlyPublished = true;
            PublishEntry(NoSlot, source, slot.OffsetBytes, slot.ExpectedBytes,
                MegakernelOperation.SlotFailed | (isLast ? MegakernelOperation.LastOfSource : 0));
        }
        _counts.SlotsFailed++;
        var result = new CompletedIngest
        {
            Source = source.Number,
            Path = source.Path,
            Tag = source.Tag,
            Status = IngestStatus.SlotFailed,
            OffsetBytes = slot.OffsetBytes,
            MissingByteCount = slot.ExpectedBytes,
            IsLast = isLast,
            Error = slot.Failure,
        };
        slot.Failure = null; // keeps no exception alive
        Free(index);
        if (isLast)
        {
            CloseAtEnd(source);
        }
        return result;
    }

    private void CloseAtEnd(OpenSource source)
    {
        if (source.FailedSlotCount == 0)
        {
            _counts.SourcesCompleted++;
        }
        else
        {
            _counts.SourcesFailed++;
        }
        Close(source);
    }

    private CompletedIngest ReportFailure(OpenSource source)
    {
        // A consumer that has seen a part of it is told to drop that part. Without one, the caller reads it
        // here.
        if (source.IsPartlyPublished && Queue.IsConsumed)
        {
            PublishEntry(NoSlot, source, 0, 0, MegakernelOperation.Abandoned);
        }
        _counts.SourcesFailed++;
        var result = new CompletedIngest
        {
            Source = source.Number,
            Path = source.Path,
            Tag = source.Tag,
            Status = source.Failure is OperationCanceledException
                ? IngestStatus.Cancelled : IngestStatus.Failed,
            IsLast = true,
            Error = source.Failure,
        };
        Close(source);
        return result;
    }

    private void PublishEntry(
        int index, OpenSource source, long offsetBytes, int byteCount, MegakernelOperation operation)
    {
        _slotAtPosition[_nextPosition & (uint)(Queue.Capacity - 1)] = index;
        Queue.Publish(_nextPosition, new MegakernelSlot
        {
            Operation = (uint)operation,
            Source = unchecked((uint)source.Number),
            Destination = (uint)Math.Max(index, 0),
            OffsetLow = unchecked((uint)offsetBytes),
            OffsetHigh = (uint)(offsetBytes >> 32),
            ByteCount = (uint)byteCount,
        });
        _nextPosition = unchecked(_nextPosition + 1);
    }

    /// <summary>Takes back what was consumed, oldest first.</summary>
    private void Recycle()
    {
        while (_oldestPosition != _nextPosition && Queue.TryRecycle(_oldestPosition))
        {
            int index = _slotAtPosition[_oldestPosition & (uint)(Queue.Capacity - 1)];
            _oldestPosition = unchecked(_oldestPosition + 1);
            if (index != NoSlot)
            {
                _counts.SlotsConsumed++;
                Free(index);
            }
        }
    }

    private void Free(int index)
    {
        _slots[index].State = SlotState.Free;
        _freeSlots[_freeSlotCount++] = index;
    }

    /// <summary>
    /// Queues the report of a failed source, once nothing of it is in flight or waits to be dropped.
    /// </summary>
    private void SettleWithoutSlot(OpenSource source)
    {
        Debug.Assert(source.Failure is not null);
        if (source.UnsettledSlotCount == 0 && !_reading.Contains(source))
        {
            _settledFailures.Enqueue(source);
        }
    }

    private void Close(OpenSource source)
    {
        if (source.Namespace is null)
        {
            _ring.Unregister(source.File);
        }
        NvmeNamespace? drive = source.Extents is not null && source.Failure is not null
            ? source.Namespace : null;
        source.Namespace = null;
        source.Extents = null;
        source.Handle?.Dispose();
        source.Handle = null;
        if (drive is not null)
        {
            ForgetDrive(drive);
        }
        _sources[_freeSourceCount++] = source;
    }

    private void PushOrder(int index)
    {
        int place = _orderHead + _orderCount++;
        _order[place >= _order.Length ? place - _order.Length : place] = index;
    }

    private int PopOrder()
    {
        int index = _order[_orderHead];
        _orderHead = _orderHead + 1 == _order.Length ? 0 : _orderHead + 1;
        _orderCount--;
        return index;
    }

    private bool WaitForConsumer(TimeSpan timeout)
    {
        var spinner = default(System.Threading.SpinWait);
        while (spinner.Count < SpinsBeforeSleep)
        {
            if (Queue.IsCompleted(_oldestPosition))
            {
                return true;
            }
            spinner.SpinOnce(sleep1Threshold: -1);
        }
        int ticket = Queue.ConsumedBell.BeginSleep();
        if (!Queue.IsCompleted(_oldestPosition) && Queue.Fault is null && !Queue.IsDeserted)
        {
            Queue.ConsumedBell.Sleep(ticket, (int)Math.Clamp(timeout.TotalMilliseconds, 0, 100));
        }
        Queue.ConsumedBell.EndSleep();
        return Queue.IsCompleted(_oldestPosition);
    }

    private void ThrowIfConsumerFailed()
    {
        if (Queue.Fault is { } fault)
        {
            throw new InvalidOperationException($"The consumer of the slots failed: {fault.Message}", fault);
        }
        if (Queue.IsDeserted && _oldestPosition != _nextPosition)
        {
            throw new InvalidOperationException(
                "The megakernel was disposed while slots were published: nobody will give them back. Dispose "
                + "the driver.");
        }
    }
}
