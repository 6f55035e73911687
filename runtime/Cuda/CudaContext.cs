#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A CUDA context: a device's primary one, which all users of CUDA in the process share, or one that the
/// caller has made. Everything that is mapped or allocated in it refers to it, so a primary context is
/// released when, in addition to Dispose, the last of that is gone.
/// <para>
/// It never stays current: each call pushes it and pops it again, so a caller's current context is what it
/// was.
/// </para>
/// <para>Threads: all members may be used from any thread.</para>
/// </summary>
sealed partial class CudaContext : SafeHandle
{
    private CudaContext(CudaDevice device, nint handle, bool isPrimary)
        : base(invalidHandleValue: 0, ownsHandle: isPrimary)
    {
        Device = device;
        IsPrimary = isPrimary;
        SetHandle(handle);
    }

    /// <summary>The device that it is on.</summary>
    public CudaDevice Device { get; }

    /// <summary>It is the device's primary context, retained by this object; else the caller's own.</summary>
    public bool IsPrimary { get; }

    /// <summary>
    /// The raw <c>CUcontext</c>, for as long as the caller keeps this object alive and not disposed.
    /// </summary>
    public nint Handle => handle;

    public override bool IsInvalid => handle == 0;

    internal CudaFunctions Functions => Device.Driver.Functions;

    /// <summary>The device's primary context; the driver makes it when nobody has it yet.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="CudaException">The driver refused, for example for lack of memory.</exception>
    public static CudaContext OfPrimary(CudaDevice device)
    {
        nint handle;
        CUresult result;
        // SAFETY: a bound function; the pointer is written during the call only.
        unsafe
        {
            CUctx_st* context = null;
            result = device.Driver.Functions.cuDevicePrimaryCtxRetain(&context, device.Handle);
            handle = (nint)context;
        }
        device.Driver.Check($"cuDevicePrimaryCtxRetain of device {device.Ordinal}", result);
        return new CudaContext(device, handle, isPrimary: true);
    }

    /// <summary>
    /// A context that the caller has made. It is used and never released: the caller keeps it until
    /// everything that was mapped or allocated in it is gone.
    /// </summary>
    /// <param name="driver">The driver.</param>
    /// <param name="context">The raw <c>CUcontext</c>, not 0.</param>
    /// <exception cref="ArgumentException">The context is 0.</exception>
    /// <exception cref="CudaException">The driver does not know it.</exception>
    public static CudaContext FromHandle(CudaDriver driver, nint context)
    {
        if (context == 0)
        {
            throw new ArgumentException("A context of 0 is none.", nameof(context));
        }
        int handle = -1;
        var calls = CudaCalls.Begin(driver.Functions, context);
        if (calls.IsOk)
        {
            // SAFETY: a bound function; the number is written during the call only.
            unsafe
            {
                calls.Note("cuCtxGetDevice", driver.Functions.cuCtxGetDevice(&handle));
            }
        }
        CudaFailure failure = calls.End();
        driver.Check($"{failure.Operation} of a caller's context", failure.Result);
        foreach (CudaDevice device in driver.Devices())
        {
            if (device.Handle == handle)
            {
                return new CudaContext(device, context, isPrimary: false);
            }
        }
        throw new CudaException(
            "Using the caller's context",
            $"it is on a device {handle} that the driver does not list for this process.");
    }

    /// <summary>
    /// Called for everything that lives in the context: it stays until the matching <see cref="EndUse"/>,
    /// whatever the caller disposes meanwhile.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    internal void BeginUse()
    {
        bool isAdded = false;
        DangerousAddRef(ref isAdded);
    }

    /// <summary>What lived in the context is gone from it.</summary>
    internal void EndUse() => DangerousRelease();

    protected override bool ReleaseHandle()
    {
        CUresult result;
        // SAFETY: the reference count is 0, so nothing of ours lives in the context any more.
        unsafe
        {
            result = Functions.cuDevicePrimaryCtxRelease_v2(Device.Handle);
        }
        new CudaFailure("cuDevicePrimaryCtxRelease", result).Report("a primary context");
        return result == CUresult.CUDA_SUCCESS;
    }
}
