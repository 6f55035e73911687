#nullable enable
using System;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// The driver's result numbers in words, for where the driver itself cannot be asked. Source: CUresult in
/// cuda.h; the causes are what usually is behind them on Linux.
/// </summary>
static partial class CudaErrors
{
    /// <summary>The same bits: a result that the bindings do not know may be any 32.</summary>
    internal static int NumberOf(CUresult result) => unchecked((int)result);

    /// <summary>
    /// The C name, for example <c>CUDA_ERROR_NO_DEVICE</c>; the number itself for one that cuda.h of these
    /// bindings does not have.
    /// </summary>
    public static string NameOf(int result) =>
        Enum.GetName((CUresult)unchecked((uint)result)) ?? result.ToString();

    /// <summary>One short clause; empty for a result that is not listed.</summary>
    public static string MeaningOf(int result) => (CUresult)unchecked((uint)result) switch
    {
        CUresult.CUDA_SUCCESS => "success",
        CUresult.CUDA_ERROR_INVALID_VALUE => "a parameter is not in its range",
        CUresult.CUDA_ERROR_OUT_OF_MEMORY => "not enough memory",
        CUresult.CUDA_ERROR_NOT_INITIALIZED => "the driver is not initialized",
        CUresult.CUDA_ERROR_DEINITIALIZED => "the driver is shutting down",
        CUresult.CUDA_ERROR_STUB_LIBRARY => "the library is a stub for linking",
        CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE => "the device is in use by others",
        CUresult.CUDA_ERROR_NO_DEVICE => "no CUDA device",
        CUresult.CUDA_ERROR_INVALID_DEVICE => "no such device",
        CUresult.CUDA_ERROR_INVALID_CONTEXT => "no valid context is current",
        CUresult.CUDA_ERROR_MAP_FAILED => "mapping failed",
        CUresult.CUDA_ERROR_ECC_UNCORRECTABLE => "the device's memory had an uncorrectable error",
        CUresult.CUDA_ERROR_OPERATING_SYSTEM => "a call of the operating system failed",
        CUresult.CUDA_ERROR_ILLEGAL_ADDRESS => "a kernel used an address that is not its own",
        CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED => "the context was destroyed",
        CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED => "the host memory is registered already",
        CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED => "the host memory is not registered",
        CUresult.CUDA_ERROR_LAUNCH_FAILED => "a kernel failed",
        CUresult.CUDA_ERROR_NOT_PERMITTED => "not permitted",
        CUresult.CUDA_ERROR_NOT_SUPPORTED => "not supported by this device or system",
        CUresult.CUDA_ERROR_SYSTEM_NOT_READY => "the system is not ready for CUDA",
        CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH => "the library and the kernel module do not match",
        CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE =>
            "a compatibility library that this device does not allow",
        CUresult.CUDA_ERROR_UNKNOWN => "unknown error",
        _ => "",
    };

    /// <summary>What usually leads to this, and what to do; empty where nothing is usual.</summary>
    public static string CauseOf(int result) => (CUresult)unchecked((uint)result) switch
    {
        CUresult.CUDA_ERROR_OUT_OF_MEMORY =>
            "the device, or the memory that may be locked for it, has less than was asked for; use fewer or "
            + "smaller slots, or end other programs on the device.",
        CUresult.CUDA_ERROR_NOT_INITIALIZED or CUresult.CUDA_ERROR_DEINITIALIZED =>
            "the process is ending, and its driver with it; release everything before.",
        CUresult.CUDA_ERROR_STUB_LIBRARY =>
            "the toolkit's folder of stubs is on LD_LIBRARY_PATH; take it away.",
        CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE =>
            "another process has the device for itself; end it, or set the compute mode to Default with "
            + "nvidia-smi -c 0.",
        CUresult.CUDA_ERROR_NO_DEVICE =>
            "no GPU is in the machine, CUDA_VISIBLE_DEVICES hides it, or the container was started without "
            + "it; see what nvidia-smi lists.",
        CUresult.CUDA_ERROR_INVALID_DEVICE => "the machine has fewer devices than that; see nvidia-smi -L.",
        CUresult.CUDA_ERROR_INVALID_CONTEXT or CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED =>
            "the context was destroyed or reset by other code of this process while it was in use.",
        CUresult.CUDA_ERROR_OPERATING_SYSTEM =>
            "the process may not open /dev/nvidia*, or is over a limit (ulimit -l, ulimit -n).",
        CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED =>
            "other code of this process has registered a part of the same pages.",
        CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED =>
            "other code of this process has taken the registration away, or has reset the context.",
        CUresult.CUDA_ERROR_ECC_UNCORRECTABLE or CUresult.CUDA_ERROR_ILLEGAL_ADDRESS
            or CUresult.CUDA_ERROR_LAUNCH_FAILED =>
            "an earlier kernel of this process failed, and its context can do nothing any more.",
        CUresult.CUDA_ERROR_NOT_PERMITTED =>
            "the container or its security profile forbids it, or a stream is being captured.",
        CUresult.CUDA_ERROR_NOT_SUPPORTED =>
            "the device, its virtualization or its driver does not have this; update the driver.",
        CUresult.CUDA_ERROR_SYSTEM_NOT_READY =>
            "the fabric manager of an NVSwitch machine is not running; start nvidia-fabricmanager.",
        CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH =>
            "the driver was updated and its kernel module is still the old one; reboot, or load the module "
            + "anew.",
        CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE =>
            "LD_LIBRARY_PATH leads to a cuda-compat library, which is for data centre GPUs only; take it "
            + "away.",
        CUresult.CUDA_ERROR_UNKNOWN =>
            "the module nvidia-uvm is not loaded, or /dev/nvidia-uvm is not there; run "
            + "nvidia-modprobe -u -c 0.",
        _ => "",
    };
}
