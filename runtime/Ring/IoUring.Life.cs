#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu;

// Whose thread the ring is, and how it ends.
//
//   _ownerThreadId:  Unbound --first use--> thread's id --Dispose elsewhere--> DisposePosted --owner's next
// call--> Closed
//                    Unbound --Dispose--> Closed               thread's id --Dispose by the owner--> Closed
//
// Every arrow from Unbound is one compare-and-swap, so first use and Dispose cannot both win.
partial class IoUring
{
    private const int Unbound = 0;
    private const int DisposePosted = -1;
    private const int Closed = -2;

    private readonly object _closeGate = new();
    private readonly ManualResetEventSlim _closedSignal = new();
    private int _ownerThreadId = Unbound;
    private Thread? _boundThread; // set right after _ownerThreadId has left Unbound for a thread

    /// <summary>
    /// Asks the kernel to cancel what is in flight, waits for every target's own completion, lets the kernel
    /// release the registered memory, and closes the ring. On another thread than the ring's: posts that to
    /// the ring's thread, which does it in its current or next call, and waits for it.
    /// </summary>
    /// <remarks>
    /// What does not complete within <see cref="IoUringOptions.DrainTimeout"/> keeps its memory for ever,
    /// reported by
    /// <see cref="GpuMappedBuffer.LeakedBytes"/>.
    /// </remarks>
    /// <exception cref="TimeoutException">
    /// Called on another thread, and the ring's thread neither called the ring nor ended within twice the
    /// drain time-out and a second. Dispose may be called again.
    /// </exception>
    [Completes, Releases]
    public void Dispose()
    {
        int owner = Interlocked.CompareExchange(ref _ownerThreadId, Closed, Unbound);
        if (owner == Unbound)
        {
            Close(); // never used: nothing was ever submitted
        }
        else if (owner != Closed)
        {
            Thread thread = WaitForBoundThread();
            if (thread == Thread.CurrentThread)
            {
                DisposeOnOwner();
            }
            else
            {
                DisposeElsewhere(thread);
            }
        }
        else
        {
            _closedSignal.Wait(); // another thread is closing it right now, or has
        }
    }

    /// <summary>
    /// Throws unless the calling thread may use the ring; binds a ring that waits for its first use.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnsureUsable()
    {
        if (Volatile.Read(ref _ownerThreadId) != Environment.CurrentManagedThreadId)
        {
            EnsureUsableSlow();
        }
    }

    /// <summary>
    /// As <see cref="EnsureUsable"/>, but leaves a ring unbound that is: registering needs no thread yet.
    /// </summary>
    internal void EnsureUsableOrUnbound()
    {
        if (Volatile.Read(ref _ownerThreadId) != Unbound)
        {
            EnsureUsable();
        }
    }

    private void EnsureUsableSlow()
    {
        int owner = Volatile.Read(ref _ownerThreadId);
        if (owner == Unbound)
        {
            Bind();
            return;
        }
        ObjectDisposedException.ThrowIf(owner == Closed, this);
        Thread thread = WaitForBoundThread();
        if (thread != Thread.CurrentThread)
        {
            throw new InvalidOperationException(
                $"The ring belongs to thread {Describe(thread)} and was used on thread "
                + $"{Describe(Thread.CurrentThread)}: one ring, one thread. Make a ring per thread, or use "
                + "UringStream, which has a thread of its own.");
        }
        DisposeOnOwner(); // posted by another thread
        throw new ObjectDisposedException(GetType().FullName, "The ring was disposed by another thread.");
    }

    private static string Describe(Thread thread) =>
        thread.Name is { Length: > 0 } name
            ? $"{thread.ManagedThreadId} ({name})" : $"{thread.ManagedThreadId}";

    private Thread WaitForBoundThread()
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref _boundThread) is not null);
        return _boundThread!;
    }

    private void Bind()
    {
        int owner =
            Interlocked.CompareExchange(ref _ownerThreadId, Environment.CurrentManagedThreadId, Unbound);
        if (owner != Unbound)
        {
            EnsureUsable(); // another thread was faster, to use it or to dispose it: says so
            return;
        }
        Volatile.Write(ref _boundThread, Thread.CurrentThread);

        // SAFETY: ENABLE_RINGS has no argument; RING_FDS reads and writes the structure during the call only.
        unsafe
        {
            if (_options.BindOnFirstUse)
            {
                int enabled = CallRegister(io_uring_register_op.IORING_REGISTER_ENABLE_RINGS, null, 0);
                if (enabled < 0)
                {
                    throw new IoUringException("IORING_REGISTER_ENABLE_RINGS", -enabled, "");
                }
            }

            // With the ring's own descriptor registered, io_uring_enter need not look it up. Per thread,
            // since 5.18.
            var update = new io_uring_rsrc_update { offset = uint.MaxValue, data = (ulong)_fdNumber };
            int registered = CallRegister(io_uring_register_op.IORING_REGISTER_RING_FDS, &update, 1);
            if (registered == 1)
            {
                _enterFd = (int)update.offset;
                _enterFlags = IORING_ENTER_REGISTERED_RING;
                Features.Grant("IORING_REGISTER_RING_FDS");
            }
            else
            {
                Features.Refuse("IORING_REGISTER_RING_FDS", registered switch
                {
                    -Libc.EINVAL => "this kernel refuses it; it is there since Linux 5.18",
                    -Libc.EBUSY => "all 16 places of this thread are taken by other rings",
                    _ => NvmeGpu.Errno.NameOf(-registered),
                });
            }
        }
    }

    private void DisposeElsewhere(Thread owner)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan limit = (_options.DrainTimeout * 2) + TimeSpan.FromSeconds(1);
        int id = owner.ManagedThreadId;
        // the owner meets it in EnsureUsable
        Interlocked.CompareExchange(ref _ownerThreadId, DisposePosted, id);
        while (!_closedSignal.Wait(s_longestSleep))
        {
            if (!owner.IsAlive)
            {
                // The kernel cancels a task's operations when the task ends, but nobody can reap their
                // completions any more (SINGLE_ISSUER), so nothing proves that they are over: Close leaks
                // their memory and reports it.
                Close();
                return;
            }
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException(
                    $"The ring's thread {Describe(owner)} did not call the ring for "
                    + $"{limit.TotalSeconds:0.#} s, so the ring could not be disposed: dispose it on its own "
                    + "thread.");
            }
        }
    }

    private void DisposeOnOwner()
    {
        // While draining, the ring is used from inside only; a call from outside, out of a finalizer or a
        // callback, is refused.
        Volatile.Write(ref _ownerThreadId, Closed);
        try
        {
            Drain();
        }
        finally
        {
            Close();
        }
    }

    /// <summary>
    /// Cancels and reaps everything, then lets the kernel release every buffer that no operation uses.
    /// </summary>
    private void Drain()
    {
        long start = Stopwatch.GetTimestamp();
        if (InFlightCount > 0)
        {
            SubmissionEntry.CancelAll(out io_uring_sqe entry, UserData.Internal);
            PushInternal(entry);
        }
        while ((InFlightCount > 0 || _internalInFlightCount > 0) && WaitAndReap(start))
        {
        }
        for (int i = 0; i < _buffers.Count; i++)
        {
            if (_buffers.OwnerOf(i) is { IsReleased: false, InFlightCount: 0 } idle)
            {
                idle.Release();
            }
        }
        while (IsAnyIdleMemoryHeld() && WaitAndReap(start))
        {
        }
    }

    /// <summary>
    /// Reaps what is there, waiting for it if there is time left. False when the time is over.
    /// </summary>
    private bool WaitAndReap(long start)
    {
        TimeSpan left = _options.DrainTimeout - Stopwatch.GetElapsedTime(start);
        bool isLast = left <= TimeSpan.Zero;
        _queues.PublishTail();
        bool isPolled = _options.UseSubmissionPolling;
        _ = EnterAndWait(
            isPolled ? 0 : _queues.PendingCount, 1,
            isPolled && _queues.NeedsWakeup ? IORING_ENTER_SQ_WAKEUP : 0,
            isLast ? TimeSpan.Zero : Min(left, s_longestSleep));
        while (_queues.TryPop(out ulong userData, out int result))
        {
            if (UserData.IsInternal(userData))
            {
                OnInternalCompletion(userData);
            }
            else
            {
                _ = _operations.End(userData, result);
            }
        }
        return !isLast;
    }

    private bool IsAnyIdleMemoryHeld()
    {
        for (int i = 0; i < _buffers.Count; i++)
        {
            if (_buffers.OwnerOf(i) is { InFlightCount: 0 })
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// The end, once: on the ring's thread, or on any thread when that one was never there or has ended.
    /// </summary>
    private void Close()
    {
        lock (_closeGate)
        {
            if (_closedSignal.IsSet)
            {
                return;
            }
            Volatile.Write(ref _ownerThreadId, Closed);
            if (_enterFlags != 0 && _boundThread == Thread.CurrentThread)
            {
                // SAFETY: read during the call only. Another thread's place is freed when that thread ends.
                unsafe
                {
                    var update = new io_uring_rsrc_update { offset = (uint)_enterFd };
                    _ = CallRegister(io_uring_register_op.IORING_UNREGISTER_RING_FDS, &update, 1);
                }
            }
            _queues.Unmap();
            _fd.Dispose();
            for (int i = 0; i < _buffers.Count; i++)
            {
                _buffers.OwnerOf(i)?.OnRingClosed();
            }
            CloseAttached();
            _closedSignal.Set();
        }
    }
}
