#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Finds the driver's library at run time and binds its functions, or says in words what is missing. Two
/// names are taken from the library itself (<c>cuDriverGetVersion</c> and <c>cuGetProcAddress_v2</c>), the
/// rest through <c>cuGetProcAddress</c> in the versions of <see cref="CudaFunctionTable"/>.
/// </summary>
static partial class CudaLibrary
{
    private const string Title = "NVIDIA's CUDA driver";
    private const string Reinstall = "Install NVIDIA's driver anew.";

    /// <summary>
    /// The functions of an initialized driver with at least one device; null with the reason.
    /// </summary>
    /// <param name="path">File name for the dynamic loader, <c>libcuda.so.1</c>, or a path.</param>
    /// <param name="version">The driver's version of CUDA, 1000 x major + 10 x minor.</param>
    /// <param name="deviceCount">1 and more.</param>
    /// <param name="check">What was found.</param>
    public static CudaFunctions? TryLoad(
        string path, out int version, out int deviceCount, out CapabilityCheck check)
    {
        version = deviceCount = 0;
        if (!TryOpen(path, out nint library, out check))
        {
            return null;
        }
        CudaFunctions? functions = Bind(path, library, ref version, ref check);
        if (functions is null)
        {
            // Nothing has been called that starts threads; from cuInit on the library stays for good.
            NativeLibrary.Free(library);
            return null;
        }
        return Initialize(path, functions, version, out deviceCount, out check) ? functions : null;
    }

    private static bool TryOpen(string path, out nint library, out CapabilityCheck check)
    {
        try
        {
            library = NativeLibrary.Load(path);
            check = Check(CapabilityOutcome.Ok, "");
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            library = 0;
            // The dynamic loader's own words are the last line: dlerror(3).
            string said = e.Message.TrimEnd();
            said = said[(said.LastIndexOf('\n') + 1)..].TrimEnd('.');
            bool isNotThere = said.StartsWith(path + ":", StringComparison.Ordinal)
                && said.EndsWith(Marshal.GetPInvokeErrorMessage(Libc.ENOENT), StringComparison.Ordinal);
            check = isNotThere
                ? Check(
                    CapabilityOutcome.Missing,
                    $"The dynamic loader finds no {path}: NVIDIA's driver is not installed here, or the "
                        + "container was started without its libraries.",
                    "Install the driver (on Debian with the package libcuda1), or start the container with "
                        + "the NVIDIA Container Toolkit.")
                : Check(
                    CapabilityOutcome.CannotTell,
                    $"{path} is there and cannot be loaded ({said}): the file is damaged, of another "
                        + "architecture, or needs a library that is missing.",
                    Reinstall);
            return false;
        }
    }

    private static CudaFunctions? Bind(
        string path, nint library, ref int version, ref CapabilityCheck check)
    {
        if (!NativeLibrary.TryGetExport(
            library, nameof(CudaFunctions.cuDriverGetVersion), out nint getVersion))
        {
            check = Check(
                CapabilityOutcome.Missing,
                $"{path} has no cuDriverGetVersion: it is a library of that name, and not CUDA's driver.",
                "Find what put it on the loader's path (ldd, LD_LIBRARY_PATH), and take it away.");
            return null;
        }
        _ = NativeLibrary.TryGetExport(
            library, nameof(CudaFunctions.cuGetProcAddress_v2), out nint getProcAddress);
        var exported = new CudaFunctions(name => name switch
        {
            nameof(CudaFunctions.cuDriverGetVersion) => getVersion,
            nameof(CudaFunctions.cuGetProcAddress_v2) => getProcAddress,
            _ => 0,
        });
        CUresult result = VersionOf(exported, out version);
        if (result != CUresult.CUDA_SUCCESS)
        {
            check = Refused(path, "cuDriverGetVersion", result);
            return null;
        }
        if (version < CudaFunctionTable.DriverVersionMin)
        {
            check = Check(
                CapabilityOutcome.Missing,
                $"{path} speaks CUDA {Text(version)}, and {Text(CudaFunctionTable.DriverVersionMin)} is the "
                    + "least that is used here: the driver is too old.",
                "Update NVIDIA's driver to version 525 or later.");
            return null;
        }
        if (getProcAddress == 0)
        {
            check = Check(
                CapabilityOutcome.Missing,
                $"{path} says that it speaks CUDA {Text(version)}, and has no cuGetProcAddress_v2: the file "
                    + "is incomplete, or something stands in its place.",
                Reinstall);
            return null;
        }
        return BindAll(path, exported, version, ref check);
    }

    private static CudaFunctions? BindAll(
        string path, CudaFunctions exported, int version, ref CapabilityCheck check)
    {
        string? missing = null;
        var functions = new CudaFunctions(name =>
        {
            if (!CudaFunctionTable.Versions.TryGetValue(name, out int since))
            {
                return 0; // not called, so not asked for
            }
            nint address = Find(exported, CudaFunctionTable.SymbolOf(name), since, out string why);
            if (address == 0)
            {
                missing ??= $"{CudaFunctionTable.SymbolOf(name)} of CUDA {Text(since)} ({why})";
            }
            return address;
        });
        if (missing is null)
        {
            return functions;
        }
        check = Check(
            CapabilityOutcome.Missing,
            $"{path}, which speaks CUDA {Text(version)}, lacks {missing}: the file is incomplete, or "
                + "something stands in its place.",
            Reinstall);
        return null;
    }

    private static bool Initialize(
        string path, CudaFunctions functions, int version, out int deviceCount, out CapabilityCheck check)
    {
        CUresult result;
        int count = 0;
        string operation = "cuInit";
        // SAFETY: a bound function, and a number on this frame that is written during the call only.
        unsafe
        {
            result = functions.cuInit(0);
            if (result == CUresult.CUDA_SUCCESS)
            {
                operation = "cuDeviceGetCount";
                result = functions.cuDeviceGetCount(&count);
            }
        }
        deviceCount = count;
        if (result == CUresult.CUDA_SUCCESS && count == 0)
        {
            result = CUresult.CUDA_ERROR_NO_DEVICE;
        }
        check = result != CUresult.CUDA_SUCCESS
            ? Refused(path, operation, result)
            : Check(
                CapabilityOutcome.Ok,
                $"{path} speaks CUDA {Text(version)} and has {count} {(count == 1 ? "device" : "devices")}.");
        return result == CUresult.CUDA_SUCCESS;
    }

    private static CapabilityCheck Refused(string path, string operation, CUresult result)
    {
        int number = CudaErrors.NumberOf(result);
        string cause = CudaErrors.CauseOf(number);
        string meaning = CudaErrors.MeaningOf(number);
        return Check(
            result switch
            {
                CUresult.CUDA_ERROR_NO_DEVICE or CUresult.CUDA_ERROR_STUB_LIBRARY
                    or CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH
                    or CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE => CapabilityOutcome.Missing,
                CUresult.CUDA_ERROR_NOT_PERMITTED or CUresult.CUDA_ERROR_OPERATING_SYSTEM
                    => CapabilityOutcome.NoPermission,
                _ => CapabilityOutcome.CannotTell,
            },
            $"{operation} of {path} answers {CudaErrors.NameOf(number)}"
                + (meaning.Length == 0 ? "." : $" ({meaning})."),
            cause.Length == 0
                ? "See what nvidia-smi and the kernel's log (dmesg) say."
                : "Likely cause: " + cause);
    }

    private static CUresult VersionOf(CudaFunctions exported, out int version)
    {
        int found = 0;
        CUresult result;
        // SAFETY: a bound function; the number is written during the call only.
        unsafe
        {
            result = exported.cuDriverGetVersion(&found);
        }
        version = found;
        return result;
    }

    private static nint Find(CudaFunctions exported, string symbol, int since, out string why)
    {
        byte[] terminated = Encoding.ASCII.GetBytes(symbol + '\0');
        // SAFETY: a bound function; the name is zero-terminated and read during the call only, and the two
        // results lie on this frame.
        unsafe
        {
            void* address = null;
            CUdriverProcAddressQueryResult found = default;
            CUresult result;
            fixed (byte* name = terminated)
            {
                // By name: what "default" means depends on how a C program is compiled.
                result = exported.cuGetProcAddress_v2(
                    (sbyte*)name, &address, since,
                    (ulong)CUdriverProcAddress_flags.CU_GET_PROC_ADDRESS_LEGACY_STREAM, &found);
            }
            why = result != CUresult.CUDA_SUCCESS
                ? CudaErrors.NameOf(CudaErrors.NumberOf(result))
                : Enum.GetName(found) ?? ((uint)found).ToString();
            return result == CUresult.CUDA_SUCCESS ? (nint)address : 0;
        }
    }

    /// <summary>For example 12.4 of 12040.</summary>
    internal static string Text(int version) => $"{version / 1000}.{version % 1000 / 10}";

    private static CapabilityCheck Check(CapabilityOutcome outcome, string detail, string advice = "") =>
        new("cuda.driver", Title, outcome, detail, advice);
}
