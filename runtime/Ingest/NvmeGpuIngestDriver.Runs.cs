#nullable enable
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.Contracts;

namespace NvmeGpu;

// Everything in one call: a thread of the driver's own reads a whole source, for Ingest and for ReadAllAsync.
partial class NvmeGpuIngestDriver : IAsyncDisposable
{
    private readonly object _pumpGate = new();
    private readonly CancellationTokenSource _pumpStop = new();
    private BlockingCollection<Action>? _runs;
    private Thread? _pump;
    private int _isRunning; // 1 while a run is going on

    /// <summary>
    /// Reads everything, and returns when the last slot was consumed. A source that fails is reported and
    /// does not end the others.
    /// </summary>
    /// <param name="source">What to read; enumerated on the driver's thread.</param>
    /// <param name="onCompleted">
    /// Called on the driver's thread for each slot that was published or failed and each failed source; may
    /// be null.
    /// </param>
    /// <param name="cancel">Cancels reads, waits for them, tells the consumer, then throws.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the telemetry says how far it
    /// got.</exception>
    /// <exception cref="ObjectDisposedException">The driver was disposed meanwhile.</exception>
    /// <exception cref="InvalidOperationException">
    /// Nobody consumes <see cref="Queue"/>, the consumer threw (its exception is the inner one) or left, or
    /// the driver is used in another form or by another run.
    /// </exception>
    public void Ingest(
        IngestSource source, Action<CompletedIngest>? onCompleted = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!Queue.IsConsumed)
        {
            throw new InvalidOperationException(
                "Nobody consumes the slots, so this would wait for ever: make a HostMegakernel on the "
                + "driver's Queue first.");
        }
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        BeginRun(() =>
        {
            try
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _pumpStop.Token);
                RunToEnd(source, onCompleted, stop.Token, cancel);
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e); // thrown to the caller
            }
        });
        try
        {
            ended.Task.GetAwaiter().GetResult();
        }
        finally
        {
            EndRun();
        }
    }

    /// <summary>
    /// Reads everything, slot by slot and in order. Reading goes on ahead of the loop, as far as there are
    /// slots.
    /// </summary>
    /// <param name="source">What to read; enumerated on the driver's thread.</param>
    /// <param name="cancel">Cancels the reads, waits for them, then throws.</param>
    /// <returns>Slots; each is the loop body's until the next iteration. With
    /// <see cref="IngestOptions.FailedSlotsMax"/> also those that failed, without bytes.</returns>
    /// <exception cref="IngestException">A source failed: the enumeration ends with it, at once.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The driver was disposed meanwhile.</exception>
    /// <exception cref="InvalidOperationException">
    /// A megakernel consumes the queue, or the driver is used in another form or by another run.
    /// </exception>
    public async IAsyncEnumerable<IngestedSlot> ReadAllAsync(
        IngestSource source, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Queue.IsConsumed)
        {
            throw new InvalidOperationException(
                "A megakernel consumes the queue: use Ingest, which waits for it.");
        }
        // Slots and queue stay mapped for as long as this loop may look at them, also when the driver is
        // disposed meanwhile.
        Queue.BeginUse();
        try
        {
            using var run = new IngestRun(Queue, cancel, _pumpStop.Token);
            BeginRun(() =>
            {
                try
                {
                    RunToEnd(source, run.OnCompleted, run.Stopped, cancel);
                    run.End(null);
                }
                catch (Exception e)
                {
                    run.End(e); // thrown to the reader
                }
            });
            try
            {
                while (await run.Published.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    while (run.Published.TryRead(out CompletedIngest completed))
                    {
                        run.Hold(completed);
                        try
                        {
                            yield return new IngestedSlot(run, completed);
                        }
                        finally
                        {
                            run.GiveBack(completed);
                        }
                    }
                }
            }
            finally
            {
                await run.LeaveAsync().ConfigureAwait(false);
                EndRun();
            }
        }
        finally
        {
            Queue.EndUse();
        }
    }

    /// <summary>
    /// As <see cref="Dispose"/>, without blocking the caller while reads of the driver's thread end.
    /// </summary>
    [Completes, Releases]
    public ValueTask DisposeAsync()
    {
        if (_pump is not null)
        {
            return new ValueTask(Task.Run(Dispose));
        }
        Dispose(); // polled by this very thread, or never used
        return ValueTask.CompletedTask;
    }

    private void BeginRun(Action run)
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) != 0)
        {
            throw new InvalidOperationException(
                "The driver is in the middle of another Ingest or ReadAllAsync: one at a time.");
        }
        try
        {
            lock (_pumpGate)
            {
                ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
                if (_pump is null)
                {
                    _runs = new BlockingCollection<Action>();
                    var pump = new Thread(Pump) { IsBackground = true, Name = "NvmeGpu ingest" };
                    pump.Start();
                    _pump = pump;
                }
                _runs!.Add(run, CancellationToken.None);
            }
        }
        catch
        {
            EndRun();
            throw;
        }
    }

    private void EndRun() => Volatile.Write(ref _isRunning, 0);

    private void Pump()
    {
        foreach (Action run in _runs!.GetConsumingEnumerable())
        {
            run();
        }
        _ring.Dispose(); // the ring is this thread's, or nobody's
    }

    /// <summary>Ends the thread, which disposes its ring. False when there is none.</summary>
    private bool StopPump()
    {
        lock (_pumpGate)
        {
            if (_pump is null)
            {
                return false;
            }
            _runs!.CompleteAdding();
        }
        _pumpStop.Cancel();
        _pump.Join();
        return true;
    }

    /// <param name="source">What is read.</param>
    /// <param name="onCompleted">Called for each source that is done; or null.</param>
    /// <param name="stop">Ends the run: the caller's token, or the driver's disposal.</param>
    /// <param name="cancel">The caller's token, by which it knows the exception as its own.</param>
    private void RunToEnd(
        IngestSource source, Action<CompletedIngest>? onCompleted, CancellationToken stop,
        CancellationToken cancel)
    {
        var completed = new CompletedIngest[Math.Min(SlotCount, 64)];
        try
        {
            ReadAndPublish(source, onCompleted, completed, stop, cancel);
        }
        catch when (Queue.Fault is null && !Queue.IsDeserted && !_pumpStop.IsCancellationRequested)
        {
            // The source's enumerator or the callback threw. Nothing of this run may turn up in the next one.
            CancelAll();
            DrainToIdle(completed);
            throw;
        }
    }

    private void ReadAndPublish(
        IngestSource source, Action<CompletedIngest>? onCompleted, CompletedIngest[] completed,
        CancellationToken stop, CancellationToken cancel)
    {
        using IEnumerator<IngestItem> items = source.GetEnumerator();
        bool isAtEnd = false;
        while (!stop.IsCancellationRequested)
        {
            while (!isAtEnd && CanSubmit && !stop.IsCancellationRequested)
            {
                isAtEnd = !items.MoveNext();
                if (!isAtEnd && TrySubmit(items.Current) is { } failure)
                {
                    onCompleted?.Invoke(failure);
                }
            }
            bool isProgress = PollAndReport(completed, onCompleted);
            if (IsIdle && isAtEnd)
            {
                return;
            }
            if (!isProgress)
            {
                WaitForProgress(s_longestWait);
            }
        }

        CancelAll();
        while (!IsIdle)
        {
            if (_inFlightCount == 0 && _pumpStop.IsCancellationRequested)
            {
                // Being disposed. Who still holds slots keeps them mapped, and need not be waited for.
                throw new ObjectDisposedException(
                    GetType().FullName, "The driver was disposed while it was reading.");
            }
            if (!PollAndReport(completed, onCompleted))
            {
                WaitForProgress(s_longestWait);
            }
        }
        ObjectDisposedException.ThrowIf(_pumpStop.IsCancellationRequested, this);
        throw new OperationCanceledException("The ingest was cancelled.", cancel);
    }

    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(100);

    private bool PollAndReport(CompletedIngest[] completed, Action<CompletedIngest>? onCompleted)
    {
        int count = PollCompletions(completed);
        for (int i = 0; i < count; i++)
        {
            onCompleted?.Invoke(completed[i]);
        }
        Array.Clear(completed, 0, count); // keeps no path and no exception alive
        return count > 0;
    }

    private void DrainToIdle(CompletedIngest[] completed)
    {
        while (!IsIdle && !_pumpStop.IsCancellationRequested)
        {
            if (!PollAndReport(completed, null))
            {
                WaitForProgress(s_longestWait);
            }
        }
    }
}
