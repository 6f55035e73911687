#nullable enable
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace NvmeGpu;

// The async form: a thread of the driver's own does all of the reading and hands published slots over.
partial class NvmeGpuIngestDriver : IAsyncDisposable
{
    private int _isRunning; // 1 while an enumeration runs
    private BlockingCollection<IngestRun>? _runs;
    private Thread? _pump;
    private CancellationTokenSource? _pumpStop;

    /// <summary>
    /// Reads everything, slot by slot and in order. Reading goes on ahead of the loop, as far as there are slots. From the first
    /// call on, the driver belongs to a thread of its own and is used by this method only.
    /// </summary>
    /// <param name="source">What to read.</param>
    /// <param name="cancel">Cancels the reads, waits for them, then throws.</param>
    /// <returns>Slots; each is the loop body's until the next iteration.</returns>
    /// <exception cref="IngestException">A source failed: the enumeration ends with it, at once.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// A megakernel consumes the queue, the driver is used in another form, or another enumeration is running.
    /// </exception>
    public async IAsyncEnumerable<IngestedSlot> ReadAllAsync(
        IngestSource source, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Queue.IsConsumed)
        {
            throw new InvalidOperationException("A megakernel consumes the queue: use Ingest, which waits for it.");
        }
        using var run = new IngestRun(Queue, source, cancel);
        StartPump(run);

        // Slots and queue stay mapped for as long as this loop may look at them, also when the driver is disposed meanwhile.
        Queue.BeginUse();
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
            Interlocked.Exchange(ref _isRunning, 0);
            Queue.EndUse();
        }
    }

    /// <summary>As Dispose, without blocking the caller while reads end.</summary>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private void StartPump(IngestRun run)
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) != 0)
        {
            throw new InvalidOperationException("Another ReadAllAsync of this driver is running: one at a time.");
        }
        if (_pump is null)
        {
            _runs = new BlockingCollection<IngestRun>();
            _pumpStop = new CancellationTokenSource();
            _pump = new Thread(Pump) { IsBackground = true, Name = "NvmeGpu ingest" };
            _pump.Start();
        }
        _runs!.Add(run, CancellationToken.None);
    }

    private void Pump()
    {
        foreach (IngestRun run in _runs!.GetConsumingEnumerable())
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Stopped, _pumpStop!.Token);
            try
            {
                RunToEnd(run.Source, run.OnCompleted, stop.Token);
                run.End(null);
            }
            catch (Exception e)
            {
                run.End(e); // thrown to the reader
            }
        }
        _ring.Dispose(); // the ring is this thread's
    }

    private void StopPump()
    {
        if (_pump is null)
        {
            return;
        }
        _pumpStop!.Cancel();
        _runs!.CompleteAdding();
        _pump.Join();
        _runs.Dispose();
        _pumpStop.Dispose();
    }
}
