#nullable enable
using System;
using System.Threading;

namespace NvmeGpu;

/// <summary>
/// Consumes published slots on threads of its own, by the protocol that the GPU's persistent kernel uses:
/// claim the next position, wait for it to be published, look at the bytes, mark it consumed. Slots in
/// another device's memory are looked at in a copy that the kernel makes of each.
/// <para>Threads: construct, <see cref="Dispose"/> and read properties from any thread.</para>
/// </summary>
sealed partial class HostMegakernel : IDisposable
{
    /// <summary>The most worker threads.</summary>
    public const int WorkerLimit = 64;

    private const int SpinsMax = 64;
    private const int SleepMilliseconds = 100;

    private readonly MegakernelIoQueue _queue;
    private readonly ISlotConsumer _consumer;
    private readonly Thread[] _workers;
    private uint _nextPosition; // the claim word: the consumers' own, never written by the driver
    private int _isDisposed;
    private volatile bool _isStopping;

    /// <summary>Starts consuming. One megakernel per queue, from its first position on.</summary>
    /// <param name="queue">The driver's queue.</param>
    /// <param name="consumer">What to do with each slot.</param>
    /// <param name="workerCount">1 to 64. With more than one, slots are consumed at once and in no
    /// order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of workers.</exception>
    /// <exception cref="InvalidOperationException">
    /// The queue has or had a consumer, something was published already, or the driver is disposed.
    /// </exception>
    public HostMegakernel(MegakernelIoQueue queue, ISlotConsumer consumer, int workerCount = 1)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(consumer);
        ArgumentOutOfRangeException.ThrowIfLessThan(workerCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workerCount, WorkerLimit);
        _queue = queue;
        _consumer = consumer;
        queue.Attach();
        _workers = new Thread[workerCount];
        for (int i = 0; i < workerCount; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = $"NvmeGpu megakernel {i}" };
        }
        foreach (Thread worker in _workers)
        {
            worker.Start();
        }
    }

    /// <summary>
    /// Ends after the slots that are being looked at, waits for the workers, and detaches from the queue.
    /// What is published and not consumed then stays so: an ingest that is running ends with an exception.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called by the consumer itself, on a worker's
    /// thread.</exception>
    public void Dispose()
    {
        if (Array.IndexOf(_workers, Thread.CurrentThread) >= 0)
        {
            throw new InvalidOperationException(
                "A megakernel cannot be disposed by its own consumer, which it would wait for: throw from "
                + "Consume to end it.");
        }
        _isStopping = true;
        _queue.PublishedBell.Ring();
        foreach (Thread worker in _workers)
        {
            worker.Join();
        }
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _queue.Detach();
        }
    }

    private void Work()
    {
        try
        {
            using PeerMemoryCopy? copy = _queue.CreateCopy();
            while (!_isStopping)
            {
                uint position = unchecked(Interlocked.Increment(ref _nextPosition) - 1);
                if (!TryWaitFor(position, out MegakernelSlot slot))
                {
                    return;
                }
                bool isFailed =
                    ((MegakernelOperation)slot.Operation & MegakernelOperation.SlotFailed) != 0;
                int byteCount = isFailed ? 0 : (int)slot.ByteCount;
                _consumer.Consume(new PublishedSlot(
                    slot, _queue.BytesOf((int)slot.Destination, byteCount, copy)));
                _queue.Complete(position);
            }
        }
        catch (Exception fault)
        {
            // Not hidden: the driver's next call throws it as the cause of the failed ingest.
            _queue.SetFault(fault);
        }
    }

    /// <summary>
    /// Spins for as long as a slot usually takes, then sleeps until the driver rings. False at the end.
    /// </summary>
    private bool TryWaitFor(uint position, out MegakernelSlot slot)
    {
        var spinner = new SpinWait();
        while (!_queue.TryAcquire(position, out slot))
        {
            if (_isStopping || _queue.IsStopped || _queue.Fault is not null)
            {
                return false;
            }
            if (spinner.Count < SpinsMax)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
                continue;
            }
            int ticket = _queue.PublishedBell.BeginSleep();
            if (!_queue.TryAcquire(position, out slot) && !_isStopping && !_queue.IsStopped)
            {
                _queue.PublishedBell.Sleep(ticket, SleepMilliseconds);
            }
            _queue.PublishedBell.EndSleep();
        }
        return true;
    }
}
