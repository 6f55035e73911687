#nullable enable
using System;
using System.Collections.Generic;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// A CUDA stream of our own, or one that the caller has made. It keeps the memory of every copy that was
/// queued through it alive until <see cref="Synchronize"/> has seen them all done: whatever is disposed
/// meanwhile, a copy never runs into memory that is gone. The bytes are the caller's duty: they may not be
/// changed, or looked at, before.
/// <para>
/// A stream that is lost without Dispose, with copies queued, leaks their memory and reports it.
/// </para>
/// <para>Threads: one at a time.</para>
/// </summary>
sealed partial class CudaStream : IDisposable
{
    /// <summary>Copies that may be queued between two calls of <see cref="Synchronize"/>.</summary>
    public const int QueuedCountMax = 4096;

    private readonly List<(GpuMappedBuffer Host, DeviceMemory Device)> _queued = [];
    private readonly bool _isOwned;
    private bool _isDisposed;

    private CudaStream(CudaContext context, nint handle, bool isOwned)
    {
        Context = context;
        Handle = handle;
        _isOwned = isOwned;
    }

    ~CudaStream() => Close(isDone: _queued.Count == 0);

    /// <summary>The context that it belongs to.</summary>
    public CudaContext Context { get; }

    /// <summary>The raw <c>CUstream</c>, valid until Dispose; 0 is the context's default stream.</summary>
    public nint Handle { get; }

    /// <summary>A new stream, which does not wait for the default stream (CU_STREAM_NON_BLOCKING).</summary>
    /// <param name="context">The context; the stream keeps it alive.</param>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public static CudaStream Create(CudaContext context)
    {
        context.BeginUse();
        nint handle = 0;
        var calls = CudaCalls.Begin(context.Functions, context.Handle);
        if (calls.IsOk)
        {
            // SAFETY: a bound function; the pointer is written during the call only.
            unsafe
            {
                CUstream_st* stream = null;
                calls.Note(
                    "cuStreamCreate",
                    context.Functions.cuStreamCreate(&stream, (uint)CUstream_flags.CU_STREAM_NON_BLOCKING));
                handle = (nint)stream;
            }
        }
        CudaFailure failure = calls.End();
        if (failure.IsNone)
        {
            return new CudaStream(context, handle, isOwned: true);
        }
        Destroy(context, handle);
        context.EndUse();
        throw context.Device.Driver.Failure(failure.Operation, failure.Result);
    }

    /// <summary>
    /// A stream that the caller has made. It is used and never destroyed: the caller keeps it until Dispose.
    /// </summary>
    /// <param name="context">The context that it was made in; kept alive until Dispose.</param>
    /// <param name="stream">The raw <c>CUstream</c>; 0 for the context's default stream.</param>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public static CudaStream FromHandle(CudaContext context, nint stream)
    {
        context.BeginUse();
        return new CudaStream(context, stream, isOwned: false);
    }

    /// <summary>
    /// Waits until everything that was queued on the stream is done. When it throws, nothing is known to be
    /// done, and the memory stays.
    /// </summary>
    /// <exception cref="CudaException">The driver refused, or a copy or kernel failed.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed.</exception>
    [Completes]
    [MayBlock]
    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaFailure failure = Wait();
        Context.Device.Driver.Check(failure.Operation, failure.Result);
    }

    /// <summary>
    /// Waits as <see cref="Synchronize"/>, then destroys the stream if it is our own. When waiting fails, the
    /// memory of queued copies is leaked and reported.
    /// </summary>
    [Completes]
    [Releases]
    [MayBlock]
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        if (_queued.Count > 0)
        {
            Wait().Report("a stream's copies");
        }
        Close(isDone: _queued.Count == 0);
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps both alive until the stream was waited for. Before the copy is queued.</summary>
    /// <exception cref="InvalidOperationException">Too many copies are queued.</exception>
    /// <exception cref="ObjectDisposedException">The stream or one of the two was disposed.</exception>
    internal void Hold(GpuMappedBuffer host, DeviceMemory device)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_queued.Count == QueuedCountMax)
        {
            throw new InvalidOperationException(
                $"{QueuedCountMax} copies are queued on the stream: call Synchronize.");
        }
        host.BeginUse();
        try
        {
            device.BeginUse();
        }
        catch
        {
            host.EndUse();
            throw;
        }
        _queued.Add((host, device));
    }

    /// <summary>The last one held was not queued after all.</summary>
    internal void LetGoOfLast()
    {
        (GpuMappedBuffer host, DeviceMemory device) = _queued[^1];
        _queued.RemoveAt(_queued.Count - 1);
        host.EndUse();
        device.EndUse();
    }

    private CudaFailure Wait()
    {
        var calls = CudaCalls.Begin(Context.Functions, Context.Handle);
        bool isDone = false;
        if (calls.IsOk)
        {
            // SAFETY: a bound function, and a stream that lives until Dispose.
            unsafe
            {
                calls.Note(
                    "cuStreamSynchronize",
                    Context.Functions.cuStreamSynchronize((CUstream_st*)Handle));
            }
            isDone = calls.IsOk;
        }
        CudaFailure failure = calls.End();
        while (isDone && _queued.Count > 0)
        {
            LetGoOfLast();
        }
        return failure;
    }

    private void Close(bool isDone)
    {
        if (!isDone)
        {
            // Their reference counts, and the context's, keep the memory for ever.
            foreach ((GpuMappedBuffer host, _) in _queued)
            {
                GpuMappedBuffer.ReportLeak(host.LengthBytes);
            }
            return;
        }
        if (_isOwned)
        {
            Destroy(Context, Handle);
        }
        Context.EndUse();
    }

    private static void Destroy(CudaContext context, nint stream)
    {
        if (stream == 0)
        {
            return;
        }
        var calls = CudaCalls.Begin(context.Functions, context.Handle);
        if (calls.IsOk)
        {
            // SAFETY: our own stream, which nobody uses any more.
            unsafe
            {
                calls.Note("cuStreamDestroy", context.Functions.cuStreamDestroy_v2((CUstream_st*)stream));
            }
        }
        calls.End().Report("a stream");
    }
}
