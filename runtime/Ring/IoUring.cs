#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu;

/// <summary>
/// One io_uring, owned by one thread: the one that created it, or with
/// <see cref="IoUringOptions.BindOnFirstUse"/> the one that uses it first. Every member is to be called on
/// that thread, but for <see cref="Dispose"/>, which elsewhere posts to it and waits.
/// <para>
/// Submitting, waiting and reaping allocate nothing. Memory that an operation writes stays mapped until the
/// completion of that very operation was reaped, whatever is disposed meanwhile.
/// </para>
/// <para>Source: io_uring(7), io_uring_setup(2), io_uring_enter(2), io_uring_register(2).</para>
/// </summary>
sealed partial class IoUring : IDisposable
{
    /// <summary>How often a submission that the kernel had no memory for is tried again.</summary>
    private const int SubmitRetriesMax = 1000;

    private readonly SafeFileHandle _fd;
    private readonly int _fdNumber;
    private readonly IoUringOptions _options;
    private RingQueues _queues;
    private OperationTable _operations;
    private int _internalInFlightCount;
    private int _enterFd;
    private uint _enterFlags;

    private IoUring(SafeFileHandle fd, in IoUringOptions options, IoUringFeatures features)
    {
        _fd = fd;
        _fdNumber = (int)fd.DangerousGetHandle();
        _enterFd = _fdNumber;
        _options = options;
        Features = features;
        _operations = new OperationTable(options.DepthMax);
        _files = new FileTable(options.FileTableEntries);
        _buffers = new BufferTable(options.BufferTableEntries);
    }

    /// <summary>What was asked, what the kernel gave, why not.</summary>
    public IoUringFeatures Features { get; }

    /// <summary>
    /// The ring takes NVMe commands: it has entries of 128 and 32 bytes
    /// (<see cref="IoUringOptions.UseBigEntries"/>).
    /// </summary>
    public bool HasBigEntries => _options.UseBigEntries;

    /// <summary>Operations in flight at most.</summary>
    public int DepthMax => _options.DepthMax;

    /// <summary>Operations that were begun and whose completion was not reaped.</summary>
    public int InFlightCount => _operations.InFlightCount;

    /// <summary>Calls of io_uring_enter(2) so far.</summary>
    public long EnterCount { get; private set; }

    /// <summary>Makes a ring for the calling thread.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="IoUringException">
    /// The kernel forbids io_uring or lacks what is needed (Linux 5.19): errno, operation and likely cause.
    /// </exception>
    public static IoUring Create(in IoUringOptions options) => Create(options, RingSetup.CallKernel);

    internal static IoUring Create(in IoUringOptions options, RingSetup.Setup setup)
    {
        options.Validate();
        var features = new IoUringFeatures();
        int fd = RingSetup.Create(options, features, setup, out io_uring_params granted);
        var ring = new IoUring(new SafeFileHandle(fd, ownsHandle: true), options, features);
        try
        {
            ring._queues.Map(fd, granted);
            ring.RegisterTables();
            if (!options.BindOnFirstUse)
            {
                ring.Bind();
            }
            return ring;
        }
        catch
        {
            ring.Close();
            throw;
        }
    }

    /// <summary>
    /// Begins a read of <c>into.LengthBytes</c> bytes from a registered file (<c>IORING_OP_READ_FIXED</c>).
    /// The kernel sees it with the next <see cref="Submit"/> or <see cref="Wait"/>.
    /// </summary>
    /// <param name="into">Where to; the kernel's until the completion with the returned token was
    /// reaped.</param>
    /// <param name="file">Where from; registered with this ring.</param>
    /// <param name="offsetBytes">Position in the file, 0 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offsetBytes"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// Wrong thread, <see cref="DepthMax"/> operations are in flight, or memory or file belong to another
    /// ring.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The ring, the registered memory or the file was
    /// released.</exception>
    [return: MustObserve]
    public ReadToken Read(
        [KernelRetains(Until.Completion)] in RegisteredRegion into, RegisteredFile file, long offsetBytes)
    {
        EnsureUsable();
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        RegisteredMemory memory = into.Memory;
        if (memory is null || memory.Ring != this || memory.IsReleased
            || file.Ring != this || !_files.IsCurrent(file.Index, file.Generation))
        {
            ThrowForeign(memory, file);
        }
        ReserveEntry();
        ReadToken token = Begin(memory, into.LengthBytes, isCommand: false);
        // SAFETY: the region lies inside registered memory, which the operation table keeps until the
        // completion.
        unsafe
        {
            SubmissionEntry.ReadFixed(
                out _queues.NextEntry(), file.Index, (void*)into.Address, (uint)into.LengthBytes,
                (ulong)offsetBytes, into.BufferIndex, UserData.Of(token));
        }
        _queues.PushEntry();
        return token;
    }

    /// <summary>Begins an operation that does nothing but complete (<c>IORING_OP_NOP</c>).</summary>
    /// <exception cref="InvalidOperationException">Wrong thread, or DepthMax operations are in
    /// flight.</exception>
    [return: MustObserve]
    public ReadToken Nop()
    {
        EnsureUsable();
        ReserveEntry();
        ReadToken token = Begin(null, 0, isCommand: false);
        SubmissionEntry.Nop(out _queues.NextEntry(), UserData.Of(token));
        _queues.PushEntry();
        return token;
    }

    /// <summary>
    /// Asks the kernel to cancel an operation (<c>IORING_OP_ASYNC_CANCEL</c>). It only asks: the operation
    /// ends, and its memory is the caller's again, with its own completion, which then says ECANCELED or that
    /// it was faster. With <see cref="IoUringOptions.UseCompletionPolling"/> the kernel does not even take
    /// the request, and the operation ends as if nothing had been asked.
    /// </summary>
    /// <returns>False when the operation is not in flight any more; nothing was asked then.</returns>
    public bool Cancel(ReadToken token)
    {
        EnsureUsable();
        if (!_operations.IsInFlight(token))
        {
            return false;
        }
        SubmissionEntry.Cancel(out io_uring_sqe entry, UserData.Of(token), UserData.Internal);
        PushInternal(entry);
        return true;
    }

    /// <summary>Hands all begun operations to the kernel.</summary>
    /// <returns>
    /// How many the kernel took: all, or fewer when it asks for completions to be reaped first.
    /// </returns>
    /// <exception cref="IoUringException">The kernel refused for another reason than memory that is
    /// short.</exception>
    [return: MustObserve]
    public int Submit()
    {
        EnsureUsable();
        return SubmitPending();
    }

    /// <summary>
    /// Hands all begun operations to the kernel and waits, in one system call, until <paramref name="count"/>
    /// completions can be reaped or the time is over. It may return earlier: reap what is there and call
    /// again.
    /// </summary>
    /// <param name="count">0 and more; more than are in flight counts as all that are in flight.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <returns>Completions that are there now; some may be the ring's own and not come out of
    /// TryReap.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    [Completes]
    public int Wait(int count, TimeSpan timeout)
    {
        EnsureUsable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return WaitFor((uint)Math.Min(count, _operations.InFlightCount), timeout);
    }

    /// <summary>
    /// Takes the next completion if one is there. No allocation, no exception for failed operations.
    /// </summary>
    /// <remarks>
    /// A system call only when the kernel says that completions wait for one, or when only a call looks for
    /// them (<see cref="IoUringOptions.UseCompletionPolling"/>).
    /// </remarks>
    [Completes]
    public bool TryReap(out Completion completion)
    {
        EnsureUsable();
        while (true)
        {
            if (!_queues.TryPop(out ulong userData, out int result))
            {
                if (!_queues.KernelHasCompletions && !(MustPoll && InFlightCount > 0))
                {
                    completion = default;
                    return false;
                }
                // An error here shows again, with its exception, in Wait or Submit.
                _ = Enter(0, 0, IORING_ENTER_GETEVENTS);
                if (!_queues.TryPop(out userData, out result))
                {
                    completion = default;
                    return false;
                }
            }
            if (!UserData.IsInternal(userData))
            {
                completion = _operations.End(userData, result);
                return true;
            }
            OnInternalCompletion(userData);
        }
    }

    /// <summary>
    /// Nobody looks for completions but our own calls: no interrupt, and no thread of the kernel.
    /// </summary>
    private bool MustPoll => _options is { UseCompletionPolling: true, UseSubmissionPolling: false };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadToken Begin(RegisteredMemory? memory, int askedBytes, bool isCommand)
    {
        if (!_operations.TryBegin(memory, askedBytes, isCommand, out ReadToken token))
        {
            ThrowFull();
        }
        return token;
    }

    /// <summary>
    /// Makes sure of a free entry before an operation begins, so that nothing can throw between the two: an
    /// operation that was begun and never reaches the kernel would never complete.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReserveEntry()
    {
        if (_queues.IsFull)
        {
            Flush(_queues.EntriesCount - 1);
        }
    }

    /// <summary>The same for an entry of 128 bytes, which is the caller's to write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref SubmissionEntry128 ReserveBigEntry()
    {
        uint places = _queues.BigEntryPlaces;
        if (_queues.PendingCount + places > _queues.EntriesCount)
        {
            Flush(_queues.EntriesCount - places);
        }
        return ref _queues.NextBigEntry();
    }

    private void PushInternal(in io_uring_sqe entry)
    {
        ReserveEntry();
        _queues.NextEntry() = entry;
        _queues.PushEntry();
        _internalInFlightCount++;
    }

    /// <summary>Hands entries to the kernel until at most that many are left.</summary>
    /// <exception cref="IoUringException">It does not take them: completions must be reaped
    /// first.</exception>
    private void Flush(uint pendingMax)
    {
        for (int i = 0; i < SubmitRetriesMax; i++)
        {
            _ = SubmitPending();
            if (_queues.PendingCount <= pendingMax)
            {
                return;
            }
            if (_options.UseSubmissionPolling)
            {
                // The kernel's thread takes them in its own time: sleep until the queue has room, then look
                // again.
                ThrowUnlessTransient(Enter(0, 0, IORING_ENTER_SQ_WAIT));
                Thread.Yield();
            }
        }
        throw new IoUringException(
            "io_uring_enter", Libc.EBUSY, "the kernel takes no more submissions; reap completions.");
    }

    private int SubmitPending()
    {
        _queues.PublishTail();
        uint pending = _queues.PendingCount;
        if (pending == 0)
        {
            return 0;
        }
        if (_options.UseSubmissionPolling)
        {
            if (_queues.NeedsWakeup)
            {
                ThrowUnlessTransient(Enter(0, 0, IORING_ENTER_SQ_WAKEUP));
            }
            return _queues.CountOperations(pending, (int)pending);
        }
        for (int i = 0; i < SubmitRetriesMax; i++)
        {
            int taken = Enter(pending, 0, 0);
            if (taken >= 0)
            {
                return _queues.CountOperations(pending, taken);
            }
            ThrowUnlessTransient(taken);
            if (_queues.ReadyCount > 0)
            {
                return 0; // the caller makes room by reaping
            }
        }
        throw new IoUringException(
            "io_uring_enter", Libc.EAGAIN, "the kernel had no memory for the operations, again and again.");
    }

    private int WaitFor(uint count, TimeSpan timeout)
    {
        _queues.PublishTail();
        bool isEndless = timeout == Timeout.InfiniteTimeSpan;
        long start = 0;
        for (int failures = 0; failures < SubmitRetriesMax;)
        {
            uint pending = _options.UseSubmissionPolling ? 0 : _queues.PendingCount;
            uint wakeup = _options.UseSubmissionPolling && _queues.NeedsWakeup ? IORING_ENTER_SQ_WAKEUP : 0;
            uint ready = _queues.ReadyCount;
            if (pending == 0 && wakeup == 0 && ready >= count && !_queues.KernelHasCompletions)
            {
                return (int)ready;
            }

            // Short waits one after the other: Dispose on another thread must not wait for a completion.
            TimeSpan left = isEndless ? s_longestSleep : timeout - Elapsed(ref start);
            bool isLast = left <= TimeSpan.Zero;
            int taken =
                EnterAndWait(pending, count, wakeup, isLast ? TimeSpan.Zero : Min(left, s_longestSleep));
            ready = _queues.ReadyCount;
            if (ready >= count)
            {
                return (int)ready;
            }
            ThrowUnlessTransient(taken);
            bool isRefused = taken is -Libc.EAGAIN or -Libc.EBUSY;
            // At the end of the time the kernel answers ETIME, or 0 when some but not all completions are
            // there.
            if ((isLast && taken != -Libc.EINTR) || (isRefused && ready > 0))
            {
                return (int)ready;
            }
            failures += isRefused ? 1 : 0;
            EnsureUsable(); // a Dispose posted meanwhile
        }
        throw new IoUringException(
            "io_uring_enter", Libc.EAGAIN, "the kernel had no memory for the operations, again and again.");
    }

    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMilliseconds(100);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Elapsed(ref long start)
    {
        if (start == 0)
        {
            start = Stopwatch.GetTimestamp();
            return TimeSpan.Zero;
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private int EnterAndWait(uint pending, uint count, uint wakeup, TimeSpan timeout)
    {
        if (MustPoll)
        {
            count = 0; // one look: where the kernel polls for more in one call, it forgets the time
        }
        // SAFETY: both structures are on this stack frame, and the kernel reads them during the call only.
        unsafe
        {
            var time = new __kernel_timespec
            {
                tv_sec = timeout.Ticks / TimeSpan.TicksPerSecond,
                tv_nsec = timeout.Ticks % TimeSpan.TicksPerSecond * 100,
            };
            var argument = new io_uring_getevents_arg { ts = (ulong)&time };
            return Enter(
                pending, count, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | wakeup,
                (nint)(&argument), sizeof(io_uring_getevents_arg));
        }
    }

    /// <summary>io_uring_enter(2). A negative error number on failure.</summary>
    private int Enter(uint toSubmit, uint minComplete, uint flags, nint argument = 0, int argumentBytes = 0)
    {
        EnterCount++;
        // SAFETY: the caller keeps the argument alive during the call.
        unsafe
        {
            nint result = Libc.syscall(
                Libc.SYS_io_uring_enter, _enterFd, (nint)toSubmit, (nint)minComplete,
                (nint)(flags | _enterFlags),
                argument, argumentBytes);
            return result >= 0 ? (int)result : -Libc.errno;
        }
    }

    private static void ThrowUnlessTransient(int result)
    {
        if (result < 0 && result is not (-Libc.EINTR or -Libc.ETIME or -Libc.EAGAIN or -Libc.EBUSY))
        {
            throw new IoUringException("io_uring_enter", -result, result == -Libc.EEXIST
                ? "the ring belongs to another thread, which may have ended."
                : "");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowFull() => throw new InvalidOperationException(
        $"The ring's depth of {DepthMax} operations is in flight: reap completions first, or raise "
        + "DepthMax.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowForeign(RegisteredMemory? memory, RegisteredFile file)
    {
        if (memory is null || memory.Ring != this || memory.IsReleased)
        {
            ThrowForeign(memory);
        }
        ThrowForeign(file);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowForeign(RegisteredMemory? memory)
    {
        if (memory is null || memory.Ring != this)
        {
            throw new InvalidOperationException(
                "The region is not of memory that was registered with this ring.");
        }
        throw new ObjectDisposedException(
            nameof(RegisteredMemory), "The registered memory was released from this ring.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowForeign(RegisteredFile file)
    {
        if (file.Ring != this)
        {
            throw new InvalidOperationException("The file was not registered with this ring.");
        }
        throw new ObjectDisposedException(
            nameof(RegisteredFile), "The file was unregistered from this ring.");
    }
}
