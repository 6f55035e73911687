#nullable enable
using System.Threading;

namespace NvmeGpu;

/// <summary>
/// Lets a thread sleep until another one has changed something, without a lock on the side that changes:
/// ringing costs a fence and a load unless somebody sleeps. Only a hint between threads of one process; the
/// truth is in the slots' status words, which a GPU can read and write as well.
/// </summary>
/// <example>
/// <code>
///   int ticket = bell.BeginSleep();            // from here on no ring is missed
///   if (!SomethingChanged()) bell.Sleep(ticket, milliseconds);
///   bell.EndSleep();
/// </code>
/// </example>
sealed partial class Doorbell
{
    private readonly object _gate = new();
    private int _sleeperCount;
    private int _version;

    /// <summary>Says that something changed. To be called after the change.</summary>
    public void Ring()
    {
        // Our change must be visible before we look for sleepers, as a sleeper's registration is before it
        // looks for changes: whoever comes second sees the other. Pairs with the fence of Interlocked in
        // BeginSleep.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeperCount) != 0)
        {
            lock (_gate)
            {
                _version = unchecked(_version + 1);
                Monitor.PulseAll(_gate);
            }
        }
    }

    public int BeginSleep()
    {
        int ticket = Volatile.Read(ref _version);
        Interlocked.Increment(ref _sleeperCount);
        return ticket;
    }

    /// <summary>Returns at the first ring after BeginSleep, or after that many milliseconds.</summary>
    public void Sleep(int ticket, int milliseconds)
    {
        lock (_gate)
        {
            if (_version == ticket)
            {
                Monitor.Wait(_gate, milliseconds);
            }
        }
    }

    public void EndSleep() => Interlocked.Decrement(ref _sleeperCount);
}
