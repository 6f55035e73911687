#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Owns a range of a GPU's own memory (<c>cuMemAlloc</c>). The processor cannot load from it, so there is no
/// Span of it: bytes go in and out by copies. It keeps its context alive.
/// <para>
/// Threads: all members may be used from any thread; copies of the same bytes are the caller's to order.
/// Source: CUDA Driver API, Memory Management. Not run on a GPU yet.
/// </para>
/// </summary>
sealed partial class DeviceMemory : SafeHandle
{
    private DeviceMemory(CudaContext context, ulong pointer, long lengthBytes)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Context = context;
        LengthBytes = lengthBytes;
        SetHandle(unchecked((nint)pointer));
    }

    /// <summary>The context that it was allocated in.</summary>
    public CudaContext Context { get; }

    /// <summary>Length in bytes, as asked for.</summary>
    public long LengthBytes { get; }

    /// <summary>
    /// The raw <c>CUdeviceptr</c>, for as long as the caller keeps this object alive and not disposed.
    /// </summary>
    [Stable]
    public ulong DevicePointer => unchecked((ulong)handle);

    public override bool IsInvalid => handle == 0;

    /// <summary>Allocates; the bytes are whatever was there before.</summary>
    /// <param name="context">The context; the memory keeps it alive.</param>
    /// <param name="lengthBytes">1 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 byte.</exception>
    /// <exception cref="CudaException">The driver refused, for example for lack of memory.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public static DeviceMemory Allocate(CudaContext context, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        context.BeginUse();
        ulong pointer = 0;
        var calls = CudaCalls.Begin(context.Functions, context.Handle);
        if (calls.IsOk)
        {
            // SAFETY: a bound function; the pointer is written during the call only.
            unsafe
            {
                calls.Note("cuMemAlloc", context.Functions.cuMemAlloc_v2(&pointer, (nuint)lengthBytes));
            }
        }
        CudaFailure failure = calls.End();
        if (failure.IsNone)
        {
            return new DeviceMemory(context, pointer, lengthBytes);
        }
        Free(context, pointer);
        context.EndUse();
        throw context.Device.Driver.Failure(
            $"Allocating {lengthBytes} bytes of device {context.Device.Ordinal}: {failure.Operation}",
            failure.Result);
    }

    /// <summary>Copies from the host and returns when the source is free again.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="offsetBytes">Where they go, from the start of this memory; 0 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public void CopyFrom(ReadOnlySpan<byte> source, long offsetBytes = 0)
    {
        EnsureInside(offsetBytes, source.Length, LengthBytes);
        if (source.IsEmpty)
        {
            return;
        }
        CudaCalls calls = BeginCopy();
        if (calls.IsOk)
        {
            // SAFETY: both ranges have the length, and both live until the call returns.
            unsafe
            {
                fixed (byte* host = source)
                {
                    calls.Note(
                        "cuMemcpyHtoD",
                        Context.Functions.cuMemcpyHtoD_v2(
                            At(offsetBytes), host, (nuint)source.Length));
                }
            }
        }
        EndCopy(calls.End());
    }

    /// <summary>Copies to the host and returns when the bytes are there.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="offsetBytes">Where they lie, from the start of this memory; 0 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public void CopyTo(Span<byte> target, long offsetBytes = 0)
    {
        EnsureInside(offsetBytes, target.Length, LengthBytes);
        if (target.IsEmpty)
        {
            return;
        }
        CudaCalls calls = BeginCopy();
        if (calls.IsOk)
        {
            // SAFETY: both ranges have the length, and both live until the call returns.
            unsafe
            {
                fixed (byte* host = target)
                {
                    calls.Note(
                        "cuMemcpyDtoH",
                        Context.Functions.cuMemcpyDtoH_v2(host, At(offsetBytes), (nuint)target.Length));
                }
            }
        }
        EndCopy(calls.End());
    }

    /// <summary>
    /// Queues a copy from the host on a stream. The source may not be changed before the stream was waited
    /// for; it and this memory stay alive until then.
    /// </summary>
    /// <param name="source">Memory of a CUDA provider: page-locked.</param>
    /// <param name="sourceOffsetBytes">From the start of the source, 0 and more.</param>
    /// <param name="offsetBytes">Where it goes, from the start of this memory; 0 and more.</param>
    /// <param name="lengthBytes">1 and more.</param>
    /// <param name="stream">A stream of the same context.</param>
    /// <exception cref="ArgumentException">The source is not CUDA's, or the stream is another
    /// context's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A range is not inside its memory.</exception>
    /// <exception cref="InvalidOperationException">The stream has too many copies queued.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="ObjectDisposedException">The memory, the source or the stream was
    /// disposed.</exception>
    public void CopyFrom(
        [KernelRetains(Until.Event)] GpuMappedBuffer source, long sourceOffsetBytes, long offsetBytes,
        long lengthBytes, CudaStream stream)
    {
        EnsureQueueable(source, sourceOffsetBytes, offsetBytes, lengthBytes, stream);
        Queue(source, sourceOffsetBytes, offsetBytes, lengthBytes, stream, isToDevice: true);
    }

    /// <summary>
    /// Queues a copy to the host on a stream. The target may not be looked at before the stream was waited
    /// for; it and this memory stay alive until then.
    /// </summary>
    /// <param name="target">Memory of a CUDA provider: page-locked.</param>
    /// <param name="targetOffsetBytes">From the start of the target, 0 and more.</param>
    /// <param name="offsetBytes">Where the bytes lie, from the start of this memory; 0 and more.</param>
    /// <param name="lengthBytes">1 and more.</param>
    /// <param name="stream">A stream of the same context.</param>
    /// <exception cref="ArgumentException">The target is not CUDA's, or the stream is another
    /// context's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A range is not inside its memory.</exception>
    /// <exception cref="InvalidOperationException">The stream has too many copies queued.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="ObjectDisposedException">The memory, the target or the stream was
    /// disposed.</exception>
    public void CopyTo(
        [KernelRetains(Until.Event)] GpuMappedBuffer target, long targetOffsetBytes, long offsetBytes,
        long lengthBytes, CudaStream stream)
    {
        EnsureQueueable(target, targetOffsetBytes, offsetBytes, lengthBytes, stream);
        Queue(target, targetOffsetBytes, offsetBytes, lengthBytes, stream, isToDevice: false);
    }

    /// <summary>
    /// Called by whoever lets the device know the address: the memory stays until the matching
    /// <see cref="EndUse"/>, whatever the caller disposes meanwhile.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    internal void BeginUse()
    {
        bool isAdded = false;
        DangerousAddRef(ref isAdded);
    }

    /// <summary>The device does not use the memory any more on this user's account.</summary>
    internal void EndUse() => DangerousRelease();

    private void EnsureQueueable(
        GpuMappedBuffer host, long hostOffsetBytes, long offsetBytes, long lengthBytes, CudaStream stream)
    {
        if (host.DevicePointer == 0)
        {
            throw new ArgumentException(
                "The host memory is not page-locked for CUDA, so the copy would wait: allocate it with a "
                + "CUDA provider.", nameof(host));
        }
        if (stream.Context.Handle != Context.Handle)
        {
            throw new ArgumentException("The stream belongs to another context.", nameof(stream));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        EnsureInside(hostOffsetBytes, lengthBytes, host.LengthBytes);
        EnsureInside(offsetBytes, lengthBytes, LengthBytes);
    }

    private void Queue(
        GpuMappedBuffer host, long hostOffsetBytes, long offsetBytes, long lengthBytes, CudaStream stream,
        bool isToDevice)
    {
        stream.Hold(host, this);
        bool isAsked = false;
        var calls = CudaCalls.Begin(Context.Functions, Context.Handle);
        if (calls.IsOk)
        {
            // SAFETY: both ranges are inside their memory, which the stream holds until the copy is done.
            unsafe
            {
                void* address = (void*)(host.Address + (nint)hostOffsetBytes);
                CUstream_st* handle = (CUstream_st*)stream.Handle;
                calls.Note(
                    isToDevice ? "cuMemcpyHtoDAsync" : "cuMemcpyDtoHAsync",
                    isToDevice
                        ? Context.Functions.cuMemcpyHtoDAsync_v2(
                            At(offsetBytes), address, (nuint)lengthBytes, handle)
                        : Context.Functions.cuMemcpyDtoHAsync_v2(
                            address, At(offsetBytes), (nuint)lengthBytes, handle));
            }
            isAsked = true;
        }
        CudaFailure failure = calls.End();
        if (!isAsked)
        {
            stream.LetGoOfLast(); // else held, also on failure: the result can be that of an earlier call
        }
        Context.Device.Driver.Check(failure.Operation, failure.Result);
    }

    private ulong At(long offsetBytes) => unchecked(DevicePointer + (ulong)offsetBytes);

    private CudaCalls BeginCopy()
    {
        BeginUse();
        return CudaCalls.Begin(Context.Functions, Context.Handle);
    }

    private void EndCopy(CudaFailure failure)
    {
        EndUse();
        Context.Device.Driver.Check(failure.Operation, failure.Result);
    }

    private static void EnsureInside(long offsetBytes, long lengthBytes, long memoryBytes)
    {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > memoryBytes - lengthBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offsetBytes),
                $"The range from {offsetBytes} of {lengthBytes} bytes is not inside the {memoryBytes} bytes "
                + "of memory.");
        }
    }

    protected override bool ReleaseHandle()
    {
        // What the driver does not free dies with the context, and no host memory is at stake.
        bool isFree = Free(Context, DevicePointer);
        Context.EndUse();
        return isFree;
    }

    private static bool Free(CudaContext context, ulong pointer)
    {
        if (pointer == 0)
        {
            return true;
        }
        var calls = CudaCalls.Begin(context.Functions, context.Handle);
        if (calls.IsOk)
        {
            // SAFETY: the reference count is 0, or nobody has been given the memory.
            unsafe
            {
                calls.Note("cuMemFree", context.Functions.cuMemFree_v2(pointer));
            }
        }
        CudaFailure failure = calls.End();
        failure.Report("device memory");
        return failure.IsNone;
    }
}
