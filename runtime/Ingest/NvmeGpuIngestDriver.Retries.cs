#nullable enable
using System;
using System.Diagnostics;
using System.Threading;
using NvmeGpu.Bindings;

namespace NvmeGpu;

// Commands that failed: sent again at once, or when the time is over that the drive asks for; other slots go
// on meanwhile. A slot that waits so is Reading, and nothing of it is in flight.
partial class NvmeGpuIngestDriver
{
    private readonly int[] _delayed;
    private int _delayedCount;

    /// <summary>A command brought what it was asked for, or nothing.</summary>
    private void OnCommandError(int index, ref Slot slot, in Completion completion)
    {
        OpenSource source = slot.Source;
        if (source.Failure is null && CommandRetry.IsWorthwhile(completion, slot.Retries))
        {
            slot.Retries++;
            _counts.Retries++;
            Retry(index, ref slot, source.Namespace!.RetryDelayOf(completion.NvmeStatus));
            return;
        }
        if (completion.Errno == Libc.ECANCELED)
        {
            _counts.ReadsCancelled++;
        }
        else
        {
            _counts.ReadsFailed++;
        }
        FailSlot(ref slot, completion, WhyCommandFailed(source, slot, completion));
        Settle(index, ref slot);
    }

    private void Retry(int index, ref Slot slot, TimeSpan delay)
    {
        if (delay == TimeSpan.Zero)
        {
            BeginRead(index);
            return;
        }
        slot.DueMilliseconds = Environment.TickCount64 + (long)delay.TotalMilliseconds;
        _delayed[_delayedCount++] = index;
    }

    /// <summary>
    /// Sends again what has waited long enough, as far as the depth allows, and ends the wait of sources that
    /// have failed meanwhile.
    /// </summary>
    private void BeginDue()
    {
        long now = Environment.TickCount64;
        for (int i = _delayedCount - 1; i >= 0; i--)
        {
            int index = _delayed[i];
            ref Slot slot = ref _slots[index];
            Debug.Assert(slot.State == SlotState.Reading);
            bool isFailed = slot.Source.Failure is not null;
            if (!isFailed && (slot.DueMilliseconds > now || _inFlightCount >= _depthMax))
            {
                continue;
            }
            _delayed[i] = _delayed[--_delayedCount];
            if (isFailed)
            {
                Settle(index, ref slot);
            }
            else
            {
                BeginRead(index);
            }
        }
    }

    /// <summary>The time until <see cref="BeginDue"/> has something to do, and no longer.</summary>
    private TimeSpan UntilDue(TimeSpan timeout)
    {
        long dueMilliseconds = long.MaxValue;
        foreach (int index in _delayed.AsSpan(0, _delayedCount))
        {
            ref Slot slot = ref _slots[index];
            dueMilliseconds = Math.Min(
                dueMilliseconds, slot.Source.Failure is null ? slot.DueMilliseconds : long.MinValue);
        }
        long now = Environment.TickCount64;
        var untilDue = TimeSpan.FromMilliseconds(dueMilliseconds <= now ? 0 : dueMilliseconds - now);
        bool isLonger = timeout < TimeSpan.Zero || timeout > untilDue; // below zero: for ever
        return isLonger ? untilDue : timeout;
    }

    /// <summary>Nothing is in flight. True when a command is due or a slot was given back.</summary>
    private bool WaitForDue(TimeSpan timeout)
    {
        TimeSpan untilDue = UntilDue(timeout);
        bool isConsumed = false;
        if (_oldestPosition != _nextPosition)
        {
            isConsumed = WaitForConsumer(untilDue);
        }
        else
        {
            // Dispose on another thread must not wait for a command's time.
            Thread.Sleep(untilDue < s_longestWait ? untilDue : s_longestWait);
        }
        return isConsumed || UntilDue(TimeSpan.MaxValue) == TimeSpan.Zero;
    }

    private static IngestException WhyCommandFailed(
        OpenSource source, in Slot slot, in Completion completion)
    {
        long bytes = completion.AskedBytes;
        ulong lba = LbaOf(slot, source, ref bytes);
        Exception cause = completion.ToException(
            $"NVMe read of {completion.AskedBytes / source.AlignmentBytes} blocks at LBA {lba}");
        string retries = slot.Retries > 0 ? $" It was tried {slot.Retries + 1} times." : "";
        return new IngestException(source.Path, cause.Message + retries, cause);
    }
}
