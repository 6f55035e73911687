#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace NvmeGpu;

/// <summary>
/// One <see cref="NvmeGpuIngestDriver.ReadAllAsync"/>: the pump thread writes published slots into a channel,
/// one reader takes them out and gives each back before it takes the next. At most the driver's slots are
/// ever in the channel.
/// </summary>
sealed partial class IngestRun : IDisposable
{
    private const long NoPosition = -1;

    private readonly Channel<CompletedIngest> _channel = Channel.CreateUnbounded<CompletedIngest>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly MegakernelIoQueue _queue;
    private readonly PeerMemoryCopy? _copy;
    private long _heldPosition = NoPosition;

    public IngestRun(MegakernelIoQueue queue, CancellationToken cancel, CancellationToken disposing)
    {
        _queue = queue;
        _copy = queue.CreateCopy();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, disposing);
    }

    /// <summary>Set when the reader has left, or was cancelled.</summary>
    public CancellationToken Stopped => _stop.Token;

    public ChannelReader<CompletedIngest> Published => _channel.Reader;

    /// <summary>Completes when the pump is done with this run.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Pump: a slot was published or failed, or a source failed. A source's failure ends the run.
    /// </summary>
    public void OnCompleted(CompletedIngest completed)
    {
        if (completed.Status is not (IngestStatus.Published or IngestStatus.SlotFailed))
        {
            _channel.Writer.TryComplete(completed.Error);
            _stop.Cancel();
        }
        else if (!_channel.Writer.TryWrite(completed))
        {
            Complete(completed); // after a source's failure: nobody will look at it
        }
    }

    /// <summary>Pump: nothing more comes.</summary>
    public void End(Exception? error)
    {
        _channel.Writer.TryComplete(error);
        _ended.SetResult();
    }

    /// <summary>Reader: the slot is the loop body's; one that failed has no position.</summary>
    public void Hold(in CompletedIngest completed) => Volatile.Write(
        ref _heldPosition,
        completed.Status == IngestStatus.Published ? completed.Position : NoPosition);

    /// <summary>Reader: the slot goes back.</summary>
    public void GiveBack(in CompletedIngest completed)
    {
        Volatile.Write(ref _heldPosition, NoPosition);
        Complete(completed);
    }

    /// <summary>Reader: it leaves; what was published and not seen goes back unseen.</summary>
    public async ValueTask LeaveAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        while (!Ended.IsCompleted || _channel.Reader.TryPeek(out _))
        {
            while (_channel.Reader.TryRead(out CompletedIngest unseen))
            {
                Complete(unseen);
            }
            await Task.WhenAny(Ended, Task.Delay(1)).ConfigureAwait(false);
        }
    }

    public ReadOnlySpan<byte> BytesOf(uint position, SlotIndex slot, int byteCount) =>
        Volatile.Read(ref _heldPosition) == position
            ? _queue.BytesOf(slot.Value, byteCount, _copy)
            : throw new InvalidOperationException(
                "This slot was given back when the loop went on to the next one: copy what is needed for "
                + "longer.");

    private void Complete(in CompletedIngest completed)
    {
        if (completed.Status == IngestStatus.Published)
        {
            _queue.Complete(completed.Position);
        }
    }

    public void Dispose()
    {
        _copy?.Dispose();
        _stop.Dispose();
    }
}
