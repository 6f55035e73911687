using System;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda.Kernels;

/// <summary>The kernel's source compiled for threads of this machine (host-threads.c).</summary>
internal sealed class HostThreads : IDisposable
{
    private static readonly string s_folder =
        Repository.PathOf("tests", "NvmeGpu.Runtime.Tests", "Cuda", "Kernels");

    private readonly TemporaryFolder _folder;
    private readonly nint _library;

    private HostThreads(TemporaryFolder folder, nint library)
    {
        _folder = folder;
        _library = library;
    }

    public static async Task<HostThreads> CompileAsync(int blockThreads)
    {
        var folder = new TemporaryFolder();
        string library = folder.PathOf($"host-threads-{blockThreads}.so");
        ChildResult compiled = await CompileAsync(
        [
            "-O2", "-shared", "-fPIC", $"-DBLOCK_THREADS={blockThreads}u", "-o", library,
            $"{s_folder}/host-threads.c",
        ]);
        Assert.True(compiled.ExitCode == 0, compiled.All);
        return new HostThreads(folder, NativeLibrary.Load(library));
    }

    public static async Task<ChildResult> CompileAsync(string[] options)
    {
        Requirement.That(await HasGccAsync(), "gcc is not there: apt-get install gcc libc6-dev");
        return await ChildProcess.RunAsync("gcc",
        [
            "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-pthread",
            "-I", Repository.PathOf("runtime", "Cuda", "Kernels"), "-x", "c", .. options,
        ]);
    }

    public unsafe uint SizeOf(uint which) =>
        ((delegate* unmanaged<uint, uint>)NativeLibrary.GetExport(_library, "host_sizes"))(which);

    public unsafe nint Launch(in KernelParameters parameters, uint blockCount)
    {
        var launch = (delegate* unmanaged<KernelParameters*, uint, nint>)NativeLibrary.GetExport(
            _library, "host_launch");
        KernelParameters copy = parameters;
        nint grid = launch(&copy, blockCount);
        Assert.NotEqual(0, grid);
        return grid;
    }

    public unsafe void Join(nint grid) =>
        ((delegate* unmanaged<nint, void>)NativeLibrary.GetExport(_library, "host_join"))(grid);

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        _folder.Dispose();
    }

    private static async Task<bool> HasGccAsync()
    {
        try
        {
            return (await ChildProcess.RunAsync("gcc", ["--version"])).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
