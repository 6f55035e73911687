using System;
using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

/// <summary>
/// What is said of a driver that cannot be used: libraries of a few lines, which answer as such a driver
/// would.
/// </summary>
public sealed class CudaLibraryTests
{
    private const int GoodVersion = 12040;

    // Each behaviour is a macro, so that a library differs from a good one in one thing.
    private const string Source = """
        #ifndef VERSION
        #define VERSION 12040
        #endif
        #ifndef VERSION_RESULT
        #define VERSION_RESULT 0
        #endif
        #ifndef INIT_RESULT
        #define INIT_RESULT 0
        #endif
        #ifndef COUNT_RESULT
        #define COUNT_RESULT 0
        #endif
        #ifndef COUNT
        #define COUNT 2
        #endif
        #ifndef MISSING
        #define MISSING "none of them"
        #endif
        #ifndef STATUS
        #define STATUS 1
        #endif
        #ifndef PROC_RESULT
        #define PROC_RESULT 0
        #endif

        #ifndef NOT_CUDA
        int cuDriverGetVersion(int *version) { *version = VERSION; return VERSION_RESULT; }
        #endif

        static int init(unsigned flags) { return flags ? 1 : INIT_RESULT; }
        static int count(int *devices) { *devices = COUNT; return COUNT_RESULT; }
        static int other(void) { return 801; }

        static int same(const char *a, const char *b)
        {
            while (*a && *a == *b) { a++; b++; }
            return *a == *b;
        }

        #ifndef NO_GET_PROC_ADDRESS
        int cuGetProcAddress_v2(const char *symbol, void **function, int version, unsigned long long flags,
            unsigned *status)
        {
            if (flags != 1 || version < 2000 || version > VERSION)
                return 1;
            if (same(symbol, "cuMemHostRegister") ? version != 6050
                : same(symbol, "cuDevicePrimaryCtxRelease") ? version != 11000
                : same(symbol, "cuMemcpyHtoDAsync") && version != 3020)
                return 1;
            if (same(symbol, MISSING)) {
                *function = 0;
                *status = STATUS;
                return PROC_RESULT;
            }
            *status = 0;
            *function = same(symbol, "cuInit") ? (void *)init
                : same(symbol, "cuDeviceGetCount") ? (void *)count : (void *)other;
            return 0;
        }
        #endif
        """;

    [Theory]
    [InlineData("-DNOT_CUDA", CapabilityOutcome.Missing, "has no cuDriverGetVersion", "take it away")]
    [InlineData("-DVERSION=11040", CapabilityOutcome.Missing, "speaks CUDA 11.4, and 12.0 is the least",
        "version 525 or later")]
    [InlineData("-DVERSION=11080 -DNO_GET_PROC_ADDRESS", CapabilityOutcome.Missing, "too old", "525")]
    [InlineData("-DVERSION_RESULT=34", CapabilityOutcome.Missing, "ERROR_STUB_LIBRARY", "LD_LIBRARY_PATH")]
    [InlineData("-DNO_GET_PROC_ADDRESS", CapabilityOutcome.Missing,
        "speaks CUDA 12.4, and has no cuGetProcAddress_v2", "anew")]
    [InlineData("-DMISSING=\"cuMemHostRegister\"", CapabilityOutcome.Missing,
        "lacks cuMemHostRegister of CUDA 6.5 (CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND)", "anew")]
    [InlineData("-DMISSING=\"cuDevicePrimaryCtxRelease\" -DSTATUS=2", CapabilityOutcome.Missing,
        "lacks cuDevicePrimaryCtxRelease of CUDA 11.0 (CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT)", "anew")]
    [InlineData("-DMISSING=\"cuInit\" -DPROC_RESULT=500", CapabilityOutcome.Missing,
        "lacks cuInit of CUDA 2.0 (CUDA_ERROR_NOT_FOUND)", "anew")]
    [InlineData("-DINIT_RESULT=100", CapabilityOutcome.Missing, "cuInit of", "CUDA_VISIBLE_DEVICES")]
    [InlineData("-DCOUNT=0", CapabilityOutcome.Missing, "ERROR_NO_DEVICE (no CUDA device)", "nvidia-smi")]
    [InlineData("-DCOUNT_RESULT=3", CapabilityOutcome.CannotTell, "cuDeviceGetCount of", "process is ending")]
    [InlineData("-DINIT_RESULT=803", CapabilityOutcome.Missing,
        "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (the library and the kernel module do not match)", "reboot")]
    [InlineData("-DINIT_RESULT=804", CapabilityOutcome.Missing, "COMPAT_NOT_SUPPORTED", "cuda-compat")]
    [InlineData("-DINIT_RESULT=304", CapabilityOutcome.NoPermission, "OPERATING_SYSTEM", "/dev/nvidia")]
    [InlineData("-DINIT_RESULT=802", CapabilityOutcome.CannotTell, "SYSTEM_NOT_READY", "fabricmanager")]
    [InlineData("-DINIT_RESULT=999", CapabilityOutcome.CannotTell, "CUDA_ERROR_UNKNOWN", "nvidia-uvm")]
    [InlineData("-DINIT_RESULT=54321", CapabilityOutcome.CannotTell, "answers 54321.", "nvidia-smi")]
    [InlineData("-DINIT_RESULT=-1", CapabilityOutcome.CannotTell, "answers -1.", "nvidia-smi")]
    public async Task A_driver_that_cannot_be_used_is_refused_with_the_reason_and_what_to_do(
        string definitions, CapabilityOutcome outcome, string detail, string advice)
    {
        using var folder = new TemporaryFolder();
        string library = await CompileAsync(folder, definitions);
        CudaDriver? none = null;

        Assert.False(CudaDriver.TryLoad(library, ref none, out CudaDriver? driver, out var check));

        Assert.Null(driver);
        Assert.Equal(outcome, check.Outcome);
        Assert.Contains(detail, check.Detail);
        Assert.Contains(library, check.Detail);
        Assert.Contains(advice, check.Advice);
        Assert.EndsWith(".", check.Detail);
        Assert.EndsWith(".", check.Advice);
    }

    [Fact]
    public async Task A_good_one_is_bound_through_cuGetProcAddress_alone_and_kept()
    {
        using var folder = new TemporaryFolder();
        string library = await CompileAsync(folder, "");
        CudaDriver? loaded = null;

        Assert.True(CudaDriver.TryLoad(library, ref loaded, out CudaDriver? driver, out var check));

        Assert.Equal($"{library} speaks CUDA 12.4 and has 2 devices.", check.Detail);
        Assert.Equal((new Version(GoodVersion / 1000, 4), 2), (driver.Version, driver.DeviceCount));
        Assert.Throws<ArgumentOutOfRangeException>(() => driver.Device(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => driver.Device(-1));
        // Every function but two answers NOT_SUPPORTED, those that name errors included.
        var refused = Assert.Throws<CudaException>(() => driver.Device(1));
        Assert.Equal(
            (801, "CUDA_ERROR_NOT_SUPPORTED", "cuDeviceGet of device 1"),
            (refused.Result, refused.ResultName, refused.Operation));

        Assert.True(CudaDriver.TryLoad("/no/such.so", ref loaded, out CudaDriver? again, out check));
        Assert.Same(driver, again);
        Assert.True(check.IsOk);
    }

    [Fact]
    public void A_library_that_is_not_there_is_no_driver()
    {
        CudaDriver? none = null;
        Assert.False(CudaDriver.TryLoad("libnvmegpu-none.so.1", ref none, out _, out CapabilityCheck check));
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains("finds no libnvmegpu-none.so.1: NVIDIA's driver is not installed", check.Detail);
        Assert.Contains("NVIDIA Container Toolkit", check.Advice);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is no library, however long: it has not the header of one, which is 64 bytes.")]
    public async Task A_file_that_is_no_library_is_there_and_cannot_be_loaded(string text)
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("libcuda.so.1");
        await File.WriteAllTextAsync(library, text);
        CudaDriver? none = null;

        Assert.False(CudaDriver.TryLoad(library, ref none, out _, out CapabilityCheck check));

        Assert.Equal(CapabilityOutcome.CannotTell, check.Outcome);
        Assert.StartsWith($"{library} is there and cannot be loaded ({library}: ", check.Detail);
        Assert.Contains("damaged", check.Detail);
        Assert.Equal("Install NVIDIA's driver anew.", check.Advice);
    }

    [Fact]
    public async Task A_library_that_needs_another_one_is_told_from_one_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        string needed = await CompileAsync(folder, "-DNOT_CUDA", "libneeded.so");
        string library = await CompileAsync(
            folder, $"-Wl,--no-as-needed -L{folder.FullPath} -lneeded", "libcuda.so.1");
        File.Delete(needed);
        CudaDriver? none = null;

        Assert.False(CudaDriver.TryLoad(library, ref none, out _, out CapabilityCheck check));

        Assert.Equal(CapabilityOutcome.CannotTell, check.Outcome);
        Assert.Contains("libneeded.so", check.Detail);
        Assert.Contains("needs a library that is missing", check.Detail);
    }

    [Fact]
    public void The_machine_itself_is_told_the_truth_about()
    {
        bool isThere = CudaDriver.TryLoad(out CudaDriver? driver, out CapabilityCheck check);

        Assert.Equal((isThere, isThere, "cuda.driver"), (check.IsOk, driver is not null, check.Id));
        Assert.Contains("libcuda.so.1", check.Detail);
        Assert.Equal(check, CudaDriver.Probe());
        if (!isThere)
        {
            var refused = Assert.Throws<CudaException>(CudaDriver.Load);
            Assert.Equal($"Using CUDA is not possible: {check.Detail} {check.Advice}", refused.Message);
            Assert.Equal((0, ""), (refused.Result, refused.ResultName));
        }
    }

    private static async Task<string> CompileAsync(
        TemporaryFolder folder, string options, string name = "libfake.so.1")
    {
        string source = folder.PathOf(name + ".c");
        string library = folder.PathOf(name);
        await File.WriteAllTextAsync(source, Source);
        ChildResult compiled;
        try
        {
            compiled = await ChildProcess.RunAsync(
                "gcc",
                [
                    "-shared", "-fPIC", "-w", "-o", library, source,
                    .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                ]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Requirement.That(false, "gcc is not there: apt-get install gcc");
            throw;
        }
        Assert.True(compiled.ExitCode == 0, compiled.All);
        return library;
    }
}
