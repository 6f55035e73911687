using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

// Limits, descriptors and mappings of the process are part of the claims: one test at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace NvmeGpu.LiburingTests;

/// <summary>
/// Where the two libraries come from. The real one is liburing 2.9, of which the headers are: from
/// NVMEGPU_LIBURING (a path to a liburing.so), or linked from artifacts/native-libraries/liburing.a, which
/// <c>native-headers/restore --liburing-library</c> gets, or the one that is installed.
/// </summary>
public static unsafe class Libraries
{
    private const string HowToGet =
        "there is no liburing 2.9 to compare with: native-headers/restore --liburing-library gets it (and "
        + "gcc "
        + "links it), or apt-get install liburing2 on Debian 13";

    private static readonly OurLibrary s_ours = new();
    private static readonly Lazy<RealLibrary?> s_real = new(FindReal);
    private static readonly Lazy<int> s_refusal = new(Try);

    /// <summary>For theories over both: the names that <see cref="Get"/> takes.</summary>
    public static TheoryData<string> Both => ["ours", "liburing"];

    /// <summary>The library, when the kernel allows io_uring; otherwise the test is skipped.</summary>
    public static Library Get(string name)
    {
        RequireRings();
        return name == "ours" ? s_ours : Real;
    }

    /// <summary>The real library; without one the test is skipped.</summary>
    public static Library Real
    {
        get
        {
            Requirement.That(s_real.Value is not null, HowToGet);
            return s_real.Value!;
        }
    }

    public static void RequireRings() => Requirement.That(
        s_refusal.Value == 0,
        $"io_uring_setup fails with errno {-s_refusal.Value} here (sysctl, seccomp or kernel)");

    private static int Try()
    {
        io_uring_params parameters = default;
        int fd = Bindings.Liburing.io_uring_setup(1, &parameters);
        if (fd >= 0)
        {
            _ = Libc.close(fd);
        }
        return fd < 0 ? fd : 0;
    }

    private static RealLibrary? FindReal()
    {
        string? given = Environment.GetEnvironmentVariable("NVMEGPU_LIBURING");
        string archive = Repository.PathOf("artifacts", "native-libraries", "liburing.a");
        string? path = given ?? (File.Exists(archive) ? Link(archive) : LiburingFunctions.LibraryPath);
        if (path is null || !NativeLibrary.TryLoad(path, out nint handle)
            || !NativeLibrary.TryGetExport(handle, "io_uring_minor_version", out nint minor)
            || ((delegate* unmanaged<int>)minor)() != Bindings.Liburing.IO_URING_VERSION_MINOR)
        {
            return null;
        }
        return new RealLibrary(handle);
    }

    /// <summary>
    /// Linked once, beside the archive; moved into place whole, as another run may be using it.
    /// </summary>
    private static string? Link(string archive)
    {
        string library = Path.ChangeExtension(archive, ".so");
        if (File.Exists(library) && File.GetLastWriteTimeUtc(library) > File.GetLastWriteTimeUtc(archive))
        {
            return library;
        }
        string temporary = $"{library}.{Environment.ProcessId}";
        try
        {
            using Process gcc = Process.Start(
                "gcc", ["-shared", "-o", temporary, "-Wl,--whole-archive", archive,
                "-Wl,--no-whole-archive"]);
            gcc.WaitForExit();
            if (gcc.ExitCode != 0)
            {
                return null;
            }
            File.Move(temporary, library, overwrite: true);
            return library;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no gcc on this machine
        }
    }
}
