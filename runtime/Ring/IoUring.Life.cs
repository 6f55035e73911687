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
partial class IoUring
{
    // _ownerThreadId is what every call compares with. The two others need the slow path.
    private const int Unbound = 0;
    private const int DisposePostedOrDone = -1;

    private int _ownerThreadId = Unbound;
    private Thread? _boundThread;
    private bool _isDisposed;
    private ManualResetEventSlim? _disposedSignal;

    /// <summary>
    /// Asks the kernel to cancel what is in flight, waits for every target's own completion, lets the kernel release the
    /// registered memory, and closes the ring. On another thread than the ring's: posts that to the ring's thread, which
    /// does it in its current or next call, and waits for it.
    /// </summary>
    /// <remarks>
    /// What does not complete within <see cref="IoUringOptions.DrainTimeout"/> keeps its memory for ever, reported by
    /// <see cref="GpuMappedBuffer.LeakedBytes"/>.
    /// </remarks>
    /// <exception cref="TimeoutException">
    /// Called on another thread, and the ring's thread neither called the ring nor ended within the drain time-out.
    /// </exception>
    [Completes]
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        if (_boundThread is null || _boundThread == Thread.CurrentThread)
        {
            DisposeOnOwner();
        }
        else
        {
            DisposeElsewhere();
        }
    }

    /// <summary>Throws unless the calling thread may use the ring; binds a ring that waits for its first use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EnsureUsable()
    {
        if (Volatile.Read(ref _ownerThreadId) != Environment.CurrentManagedThreadId)
        {
            EnsureUsableSlow();
        }
    }

    private void EnsureUsableOrUnbound()
    {
        if (Volatile.Read(ref _ownerThreadId) != Unbound)
        {
            EnsureUsable();
        }
    }

    private void EnsureUsableSlow()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_boundThread is null)
        {
            Bind();
            return;
        }
        if (_boundThread != Thread.CurrentThread)
        {
            throw new InvalidOperationException(
                $"The ring belongs to thread {Describe(_boundThread)} and was used on thread {Describe(Thread.CurrentThread)}: one ring, one thread. Make a ring per thread, or use UringStream, which has a thread of its own.");
        }
        Debug.Assert(_ownerThreadId == DisposePostedOrDone);
        DisposeOnOwner();
        throw new ObjectDisposedException(GetType().FullName, "The ring was disposed by another thread.");
    }

    private static string Describe(Thread thread) =>
        thread.Name is { Length: > 0 } name ? $"{thread.ManagedThreadId} ({name})" : $"{thread.ManagedThreadId}";

    private void Bind()
    {
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
            _boundThread = Thread.CurrentThread;
            Volatile.Write(ref _ownerThreadId, Environment.CurrentManagedThreadId);

            // With the ring's own descriptor registered, io_uring_enter need not look it up. Per thread, since 5.18.
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

    private void DisposeElsewhere()
    {
        ManualResetEventSlim signal =
            Interlocked.CompareExchange(ref _disposedSignal, new ManualResetEventSlim(), null) ?? _disposedSignal!;
        Volatile.Write(ref _ownerThreadId, DisposePostedOrDone); // the ring's thread meets it in EnsureUsable

        long start = Stopwatch.GetTimestamp();
        while (!signal.Wait(s_longestSleep))
        {
            if (!_boundThread!.IsAlive)
            {
                // The kernel cancels a task's operations when the task ends, but nobody can reap their completions any
                // more (SINGLE_ISSUER), so nothing proves that they are over: their memory is leaked and reported.
                Close();
                return;
            }
            if (Stopwatch.GetElapsedTime(start) > _options.DrainTimeout + s_longestSleep)
            {
                throw new TimeoutException(
                    $"The ring's thread {Describe(_boundThread)} did not call the ring for {_options.DrainTimeout.TotalSeconds:0.#} s, so the ring could not be disposed: dispose it on its own thread.");
            }
        }
    }

    private void DisposeOnOwner()
    {
        Volatile.Write(ref _ownerThreadId, Environment.CurrentManagedThreadId); // the drain below uses the ring
        bool isBound = _boundThread is not null;
        if (isBound)
        {
            Drain();
        }
        Close();
        if (!isBound)
        {
            // Never enabled: no operation can ever have been submitted.
            ReturnAllMemory();
        }
        _disposedSignal?.Set();
    }

    /// <summary>Cancels and reaps everything, then waits for the kernel's word on every registered piece.</summary>
    private void Drain()
    {
        long start = Stopwatch.GetTimestamp();
        if (InFlightCount > 0)
        {
            SubmissionEntry.CancelAll(out io_uring_sqe entry, UserData.Internal);
            PushInternal(entry);
        }
        while (InFlightCount > 0 || _internalInFlightCount > 0)
        {
            if (!TryReapAnything(start))
            {
                return;
            }
        }

        // From the last completion on nothing is in flight, so every release below goes to the kernel at once.
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_buffers.OwnerOf(i) is { IsReleased: false } memory)
            {
                memory.Release();
            }
        }
        while (HasHeldMemory())
        {
            if (!TryReapAnything(start))
            {
                return;
            }
        }
    }

    private bool TryReapAnything(long start)
    {
        TimeSpan left = _options.DrainTimeout - Stopwatch.GetElapsedTime(start);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }
        _ = EnterAndWait(
            _options.UseSubmissionPolling ? 0 : PublishedPending(), 1,
            _options.UseSubmissionPolling && _queues.NeedsWakeup ? IORING_ENTER_SQ_WAKEUP : 0, Min(left, s_longestSleep));
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
        return true;
    }

    private uint PublishedPending()
    {
        _queues.PublishTail();
        return _queues.PendingCount;
    }

    private bool HasHeldMemory()
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_buffers.OwnerOf(i) is not null)
            {
                return true;
            }
        }
        return false;
    }

    private void ReturnAllMemory()
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_buffers.OwnerOf(i) is { } memory)
            {
                memory.OnUnusedRingClosed();
                _buffers.Return(i);
            }
        }
    }

    private void Close()
    {
        _isDisposed = true;
        Volatile.Write(ref _ownerThreadId, DisposePostedOrDone);
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
        ReportLeaks();
    }

    /// <summary>Memory that the kernel may still write is never given back, and said to be lost.</summary>
    private void ReportLeaks()
    {
        if (_boundThread is null)
        {
            return;
        }
        RegisteredMemory? last = null;
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_buffers.OwnerOf(i) is { } memory && memory != last)
            {
                last = memory;
                memory.OnLeaked();
            }
        }
    }
}
