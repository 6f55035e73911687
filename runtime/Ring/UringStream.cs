#nullable enable
using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Asynchronous reads into registered memory, from any thread: a ring with a thread of its own. A read is a
/// true
/// <c>IORING_OP_READ_FIXED</c>; short reads are continued until the region is full or the file ends;
/// cancelling asks the kernel, and the task ends when the read's own completion has come, so that afterwards
/// the memory is the caller's in any case.
/// <para>Threads: all members from any thread. Continuations never run on the ring's thread.</para>
/// </summary>
sealed partial class UringStream : IDisposable, IAsyncDisposable
{
    /// <summary>How often one read is tried again after EAGAIN or EINTR.</summary>
    public const int RetriesMax = 1000;

    private readonly ConcurrentQueue<Post> _posts = new();
    private readonly ConcurrentBag<StreamRead> _idleReads = [];
    private readonly SemaphoreSlim _freeDepth;
    private readonly StreamRead?[] _readOfOperation;
    private readonly Thread _thread;
    private readonly SafeFileHandle _wakeFd;
    private IoUring _ring = null!; // the thread's, made before Open returns
    private int _isWakeWritten;
    private int _isDisposed;
    private int _isClosed;

    private UringStream(in IoUringOptions options, SafeFileHandle wakeFd)
    {
        _wakeFd = wakeFd;
        _freeDepth = new SemaphoreSlim(options.DepthMax, options.DepthMax);
        _readOfOperation = new StreamRead?[options.DepthMax + 1]; // one more for the wake-up read
        _thread = new Thread(Run) { IsBackground = true, Name = "NvmeGpu ring" };
        DepthMax = options.DepthMax;
    }

    /// <summary>Reads in flight at most; further ones wait for their turn.</summary>
    public int DepthMax { get; }

    /// <summary>What the ring asked of the kernel and what it got.</summary>
    public IoUringFeatures Features => _ring.Features;

    /// <summary>Starts the thread and makes its ring.</summary>
    /// <param name="options">As for a ring; BindOnFirstUse has no meaning here, and DepthMax is at most
    /// 32,767.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="IoUringException">The kernel refused.</exception>
    public static UringStream Open(in IoUringOptions options)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.DepthMax, IoUringOptions.DepthLimit - 1);
        int fd = Libc.eventfd(0, Libc.EFD_CLOEXEC);
        int errno = Libc.errno;
        if (fd < 0)
        {
            throw new IoUringException("eventfd", errno, "");
        }
        var stream = new UringStream(options, new SafeFileHandle(fd, ownsHandle: true));
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IoUringOptions ringOptions = options with { DepthMax = options.DepthMax + 1, BindOnFirstUse = false };
        stream._thread.Start((ringOptions, started));
        started.Task.GetAwaiter().GetResult();
        return stream;
    }

    /// <summary>
    /// As <see cref="IoUring.Register(GpuMappedBuffer)"/>. Blocks until the ring's thread has done it.
    /// </summary>
    public RegisteredMemory Register(GpuMappedBuffer buffer) => OnRingThread(ring => ring.Register(buffer));

    /// <summary>
    /// As <see cref="IoUring.Register(SafeFileHandle)"/>. Blocks until the ring's thread has done it.
    /// </summary>
    public RegisteredFile Register(SafeFileHandle file) => OnRingThread(ring => ring.Register(file));

    /// <summary>
    /// As <see cref="IoUring.Unregister(RegisteredFile)"/>. Blocks until the ring's thread has done it.
    /// </summary>
    public void Unregister([Releases] RegisteredFile file) => OnRingThread(ring =>
    {
        ring.Unregister(file);
        return 0;
    });

    /// <summary>Takes memory out of the ring's table as soon as no read uses it.</summary>
    public void Release([Releases] RegisteredMemory memory) => OnRingThread(ring =>
    {
        memory.Dispose();
        return 0;
    });

    /// <summary>Reads until the region is full or the file ends.</summary>
    /// <param name="into">Registered with this stream; the kernel's until the returned task has
    /// ended.</param>
    /// <param name="file">Registered with this stream.</param>
    /// <param name="offsetBytes">Position in the file, 0 and more.</param>
    /// <param name="cancel">Asks the kernel to cancel. The task ends when the read has ended, cancelled or
    /// not.</param>
    /// <returns>Bytes read; fewer than the region's length only at the end of the file.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offsetBytes"/> is negative.</exception>
    /// <exception cref="IoUringException">The read failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the region's bytes are
    /// undefined.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed.</exception>
    [return: MustObserve]
    public ValueTask<int> ReadAsync(
        RegisteredRegion into, RegisteredFile file, long offsetBytes, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        cancel.ThrowIfCancellationRequested();
        return _freeDepth.Wait(0, CancellationToken.None)
            ? Start(into, file, offsetBytes, cancel)
            : WaitAndStart(into, file, offsetBytes, cancel);
    }

    /// <summary>
    /// Cancels all reads, waits for each one's own completion, closes the ring. Their tasks end with
    /// ObjectDisposedException.
    /// </summary>
    [Completes, Releases]
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Send(new Post(PostKind.Stop, null, 0));
        }
        _thread.Join();
    }

    /// <summary>As <see cref="Dispose"/>, without blocking the caller meanwhile.</summary>
    [Completes, Releases]
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    internal void PostCancel(StreamRead read, short version) =>
        Send(new Post(PostKind.Cancel, read, version));

    /// <summary>
    /// The operation is over, so another one may begin, whether or not the caller has fetched the result.
    /// </summary>
    internal void OnEnded() => _freeDepth.Release();

    /// <summary>The caller has fetched the result: the object serves the next read.</summary>
    internal void Return(StreamRead read) => _idleReads.Add(read);

    private async ValueTask<int> WaitAndStart(
        RegisteredRegion into, RegisteredFile file, long offsetBytes, CancellationToken cancel)
    {
        await _freeDepth.WaitAsync(cancel).ConfigureAwait(false);
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            _freeDepth.Release();
            throw new ObjectDisposedException(GetType().FullName);
        }
        return await Start(into, file, offsetBytes, cancel).ConfigureAwait(false);
    }

    private ValueTask<int> Start(
        RegisteredRegion into, RegisteredFile file, long offsetBytes, CancellationToken cancel)
    {
        if (!_idleReads.TryTake(out StreamRead? read))
        {
            read = new StreamRead(this);
        }
        ValueTask<int> task = read.Begin(into, file, offsetBytes, cancel);
        Send(new Post(PostKind.Read, read, 0));
        return task;
    }

    private enum PostKind
    {
        Read,
        Cancel,
        Call,
        Stop,
    }

    private readonly record struct Post(PostKind Kind, object? Subject, short Version);

    /// <summary>Posts, and wakes the ring's thread unless a wake-up is on its way.</summary>
    private void Send(in Post post)
    {
        _posts.Enqueue(post);
        bool isWakeNeeded = Interlocked.Exchange(ref _isWakeWritten, 1) == 0;
        if (Volatile.Read(ref _isClosed) != 0)
        {
            // too late for the thread, which has set _isClosed before it looked for the last time
            FailPosts();
        }
        else if (isWakeNeeded)
        {
            WriteWake();
        }
    }

    private void WriteWake()
    {
        bool isAdded = false;
        try
        {
            _wakeFd.DangerousAddRef(ref isAdded);
            ulong one = 1;
            // SAFETY: eight bytes on this frame, read during the call only; the reference keeps the
            // descriptor open.
            unsafe
            {
                _ = Libc.write((int)_wakeFd.DangerousGetHandle(), &one, sizeof(ulong));
            }
        }
        catch (ObjectDisposedException)
        {
            FailPosts(); // closed since we looked
        }
        finally
        {
            if (isAdded)
            {
                _wakeFd.DangerousRelease();
            }
        }
    }

    private T OnRingThread<T>(Func<IoUring, T> call)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<IoUring?> action = ring =>
        {
            try
            {
                ObjectDisposedException.ThrowIf(ring is null, typeof(UringStream));
                done.SetResult(call(ring));
            }
            catch (Exception e)
            {
                done.SetException(e); // thrown to the caller
            }
        };
        Send(new Post(PostKind.Call, action, 0));
        return done.Task.GetAwaiter().GetResult();
    }

    private void Run(object? argument)
    {
        (IoUringOptions options, TaskCompletionSource started) =
            ((IoUringOptions, TaskCompletionSource))argument!;
        IoUring? ring = null;
        GpuMappedBuffer? wakeBuffer = null;
        RegisteredRegion wakeRegion;
        RegisteredFile wakeFile;
        try
        {
            ring = IoUring.Create(options);
            wakeBuffer = GpuMappedBuffer.AllocateHost(sizeof(ulong));
            wakeRegion = ring.Register(wakeBuffer).Region(0, sizeof(ulong));
            wakeFile = ring.Register(_wakeFd);
            _ring = ring;
        }
        catch (Exception e)
        {
            ring?.Dispose();
            wakeBuffer?.Dispose();
            _wakeFd.Dispose();
            started.SetException(e); // thrown by Open
            return;
        }
        started.SetResult();

        Exception end = new ObjectDisposedException(nameof(UringStream));
        try
        {
            Serve(ring, wakeRegion, wakeFile);
        }
        catch (Exception e)
        {
            end = e; // the ring itself failed: thrown to everybody who waits for a read
        }
        finally
        {
            ring.Dispose(); // cancels, and waits for each read's own completion
            wakeBuffer.Dispose();
            FailRemaining(end);
            _wakeFd.Dispose();
        }
    }

    /// <summary>Until the Stop post.</summary>
    private void Serve(IoUring ring, RegisteredRegion wakeRegion, RegisteredFile wakeFile)
    {
        ReadToken wakeToken = ring.Read(wakeRegion, wakeFile, 0);
        while (true)
        {
            // Cleared before the posts are taken: who posts later writes again.
            Interlocked.Exchange(ref _isWakeWritten, 0);
            while (_posts.TryDequeue(out Post post))
            {
                if (post.Kind == PostKind.Stop)
                {
                    return;
                }
                Handle(ring, post);
            }
            _ = ring.Wait(1, Timeout.InfiniteTimeSpan);
            while (ring.TryReap(out Completion completion))
            {
                if (completion.Token == wakeToken)
                {
                    wakeToken = ring.Read(wakeRegion, wakeFile, 0);
                }
                else
                {
                    OnCompletion(ring, completion);
                }
            }
        }
    }

    private void Handle(IoUring ring, in Post post)
    {
        switch (post.Kind)
        {
            case PostKind.Read:
                SubmitUnlessCancelled(ring, (StreamRead)post.Subject!);
                break;
            case PostKind.Cancel:
                var target = (StreamRead)post.Subject!;
                if (target.RequestCancel(post.Version) && target.IsSubmitted)
                {
                    ring.Cancel(target.Token);
                }
                break;
            case PostKind.Call:
                ((Action<IoUring?>)post.Subject!)(ring);
                break;
        }
    }

    private void SubmitUnlessCancelled(IoUring ring, StreamRead read)
    {
        if (read.IsCancelRequested)
        {
            read.Fail(new OperationCanceledException(read.Cancel));
            return;
        }
        try
        {
            ReadToken token = ring.Read(read.Rest, read.File, read.NextOffsetBytes);
            read.Token = token;
            read.IsSubmitted = true;
            _readOfOperation[token.Index] = read;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            read.Fail(e); // released memory, another ring's file: the caller's bug, thrown to the caller
        }
    }

    private void OnCompletion(IoUring ring, in Completion completion)
    {
        StreamRead read = _readOfOperation[completion.Token.Index]!;
        Debug.Assert(read.Token == completion.Token);
        _readOfOperation[completion.Token.Index] = null;
        read.IsSubmitted = false;

        if (completion.IsSuccess)
        {
            read.FilledBytes += completion.ByteCount;
            if (read.IsFull || completion.ByteCount == 0)
            {
                read.Succeed();
                return;
            }
        }
        else if (completion.Errno is not (Libc.EAGAIN or Libc.EINTR) || read.Retries++ == RetriesMax)
        {
            read.Fail(completion.Errno == Libc.ECANCELED
                ? new OperationCanceledException(read.Cancel)
                : new IoUringException("IORING_OP_READ_FIXED", completion.Errno, ""));
            return;
        }
        SubmitUnlessCancelled(ring, read); // short, or to be tried again
    }

    /// <summary>After the ring is gone: what could not be drained, and what was posted too late.</summary>
    private void FailRemaining(Exception end)
    {
        Interlocked.Exchange(ref _isDisposed, 1);
        Interlocked.Exchange(ref _isClosed, 1); // from here on, who posts cleans up
        foreach (StreamRead? read in _readOfOperation)
        {
            read?.Fail(end);
        }
        FailPosts();
    }

    private void FailPosts()
    {
        while (_posts.TryDequeue(out Post post))
        {
            if (post.Kind == PostKind.Read)
            {
                ((StreamRead)post.Subject!).Fail(new ObjectDisposedException(nameof(UringStream)));
            }
            else if (post.Kind == PostKind.Call)
            {
                ((Action<IoUring?>)post.Subject!)(null);
            }
        }
    }
}
