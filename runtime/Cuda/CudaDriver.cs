#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// NVIDIA's driver, loaded from <c>libcuda.so.1</c> when it is first asked for: the driver API only, neither
/// toolkit nor runtime library. CUDA 12.0 (driver 525) is the least. Once initialized it stays for the life
/// of the process, as the driver itself does.
/// <para>
/// Other users of CUDA in the process (ILGPU, TorchSharp, ONNX Runtime) share the device's primary context
/// with this library; contexts, streams and device pointers go in and out as the numbers that they are.
/// </para>
/// <para>Threads: all members may be used from any thread.</para>
/// </summary>
sealed partial class CudaDriver
{
    private static readonly Lock s_loading = new();
    private static CudaDriver? s_loaded;

    private readonly CapabilityCheck _check;

    internal CudaDriver(CudaFunctions functions, int version, int deviceCount, CapabilityCheck check)
    {
        _check = check;
        Functions = functions;
        Version = new Version(version / 1000, version % 1000 / 10);
        DeviceCount = deviceCount;
    }

    /// <summary>The version of CUDA that the driver speaks, for example 12.4.</summary>
    public Version Version { get; }

    /// <summary>Devices that this process sees, 1 and more; CUDA_VISIBLE_DEVICES hides some.</summary>
    public int DeviceCount { get; }

    /// <summary>The bound functions; those of <see cref="CudaFunctionTable"/> are not null.</summary>
    internal CudaFunctions Functions { get; }

    /// <summary>The driver.</summary>
    /// <exception cref="CudaException">
    /// There is none, it is too old or damaged, or it has no device: with the reason and what to do.
    /// </exception>
    public static CudaDriver Load() => TryLoad(out CudaDriver? driver, out CapabilityCheck check)
        ? driver
        : throw new CudaException("Using CUDA", $"{check.Detail} {check.Advice}");

    /// <summary>
    /// The driver, or why it cannot be used. A refusal is not kept: the next call tries again.
    /// </summary>
    /// <param name="driver">Null when it cannot be used.</param>
    /// <param name="check">What was found, and what to do about it.</param>
    public static bool TryLoad([NotNullWhen(true)] out CudaDriver? driver, out CapabilityCheck check) =>
        TryLoad(CudaFunctions.LibraryPath, ref s_loaded, out driver, out check);

    /// <summary>
    /// Whether the driver can be used, as <see cref="TryLoad(out CudaDriver?, out CapabilityCheck)"/>.
    /// </summary>
    public static CapabilityCheck Probe()
    {
        _ = TryLoad(out _, out CapabilityCheck check);
        return check;
    }

    internal static bool TryLoad(
        string libraryPath, ref CudaDriver? loaded, [NotNullWhen(true)] out CudaDriver? driver,
        out CapabilityCheck check)
    {
        lock (s_loading)
        {
            if (loaded is not null)
            {
                driver = loaded;
                check = loaded._check;
                return true;
            }
            CudaFunctions? functions =
                CudaLibrary.TryLoad(libraryPath, out int version, out int deviceCount, out check);
            driver = loaded = functions is null
                ? null
                : new CudaDriver(functions, version, deviceCount, check);
            return driver is not null;
        }
    }

    /// <summary>One device, with what is known of it.</summary>
    /// <param name="ordinal">0 up to <see cref="DeviceCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    /// <exception cref="CudaException">The driver did not answer.</exception>
    public CudaDevice Device(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, DeviceCount);
        int handle;
        CUresult result;
        // SAFETY: a bound function; the number is written during the call only.
        unsafe
        {
            result = Functions.cuDeviceGet(&handle, ordinal);
        }
        Check($"cuDeviceGet of device {ordinal}", result);
        return new CudaDevice(this, ordinal, handle);
    }

    /// <summary>All devices that this process sees.</summary>
    /// <exception cref="CudaException">The driver did not answer.</exception>
    public IReadOnlyList<CudaDevice> Devices()
    {
        var devices = new CudaDevice[DeviceCount];
        for (int ordinal = 0; ordinal < devices.Length; ordinal++)
        {
            devices[ordinal] = Device(ordinal);
        }
        return devices;
    }

    /// <exception cref="CudaException">The result is not success.</exception>
    internal void Check(string operation, CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS)
        {
            throw Failure(operation, result);
        }
    }

    /// <summary>In the driver's words, or in ours where it has none for this number.</summary>
    internal CudaException Failure(string operation, CUresult result, string likelyCause = "")
    {
        string? name = null;
        string? description = null;
        // SAFETY: bound functions; what they point to is the driver's constant text.
        unsafe
        {
            sbyte* text = null;
            if (Functions.cuGetErrorName(result, &text) == CUresult.CUDA_SUCCESS)
            {
                name = Marshal.PtrToStringUTF8((nint)text);
            }
            text = null;
            if (Functions.cuGetErrorString(result, &text) == CUresult.CUDA_SUCCESS)
            {
                description = Marshal.PtrToStringUTF8((nint)text);
            }
        }
        int number = CudaErrors.NumberOf(result);
        return new CudaException(
            operation, number, name ?? CudaErrors.NameOf(number), description ?? CudaErrors.MeaningOf(number),
            likelyCause);
    }
}
