#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace NvmeGpu;

/// <summary>
/// One read of a <see cref="UringStream"/>, reused from read to read so that the steady state allocates
/// nothing.
/// </summary>
/// <remarks>
/// The caller's thread begins it and fetches the result; in between it is the ring thread's alone, but for
/// the cancellation callback, which only posts.
/// </remarks>
sealed partial class StreamRead(UringStream stream) : IValueTaskSource<int>
{
    private const int NoVersion = int.MinValue; // versions are 16 bits wide

    private ManualResetValueTaskSourceCore<int> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private int _cancelledVersion = NoVersion;
    private RegisteredRegion _into;
    private long _offsetBytes;

    public RegisteredFile File { get; private set; }

    public CancellationToken Cancel { get; private set; }

    public int FilledBytes { get; set; }

    public int Retries { get; set; }

    public ReadToken Token { get; set; }

    /// <summary>In flight: <see cref="Token"/> is the operation's.</summary>
    public bool IsSubmitted { get; set; }

    /// <summary>
    /// The caller of this very version wants it to end: a request that comes late, for a read that is over,
    /// means nothing for the read that the object serves now.
    /// </summary>
    public bool IsCancelRequested => Volatile.Read(ref _cancelledVersion) == _core.Version;

    public bool IsFull => FilledBytes == _into.LengthBytes;

    public RegisteredRegion Rest => _into.Slice(FilledBytes, _into.LengthBytes - FilledBytes);

    public long NextOffsetBytes => _offsetBytes + FilledBytes;

    public ValueTask<int> Begin(
        RegisteredRegion into, RegisteredFile file, long offsetBytes, CancellationToken cancel)
    {
        _core.Reset();
        _into = into;
        File = file;
        _offsetBytes = offsetBytes;
        Cancel = cancel;
        FilledBytes = 0;
        Retries = 0;
        IsSubmitted = false;
        _registration = cancel.CanBeCanceled
            ? cancel.UnsafeRegister(static state => ((StreamRead)state!).OnCancelled(), this)
            : default;
        return new ValueTask<int>(this, _core.Version);
    }

    /// <summary>Ring thread: the caller of that version wants it to end.</summary>
    /// <returns>False when that read is over, and this object perhaps serves another one.</returns>
    public bool RequestCancel(short version)
    {
        Volatile.Write(ref _cancelledVersion, version);
        return IsCancelRequested;
    }

    public void Succeed()
    {
        _core.SetResult(FilledBytes);
        stream.OnEnded();
    }

    public void Fail(Exception error)
    {
        _core.SetException(error);
        stream.OnEnded();
    }

    public int GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a callback that is running: after this, nothing posts a cancel for this version any
            // more.
            _registration.Dispose();
            stream.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void OnCancelled() => stream.PostCancel(this, _core.Version);
}
