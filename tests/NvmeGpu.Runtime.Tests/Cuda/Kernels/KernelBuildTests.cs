using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda.Kernels;

/// <summary>The committed PTX: that it is what its source gives, and what an assembler makes of it.</summary>
public sealed class KernelBuildTests
{
    [Fact]
    public async Task The_committed_PTX_is_what_the_source_gives()
    {
        Requirement.That(
            File.Exists("/usr/bin/clang-19"), "clang-19 is not there: apt-get install clang-19");
        ChildResult check = await ChildProcess.RunAsync(Repository.PathOf("build", "kernels"), ["--check"]);
        Assert.True(check.ExitCode == 0, check.All);
    }

    [Fact]
    public async Task Every_GPU_from_sm_70_to_sm_90_can_run_it_without_spilling()
    {
        string assembler = Repository.PathOf("artifacts", "native-tools", "ptxas");
        Requirement.That(
            File.Exists(assembler), "ptxas is not there: native-headers/restore --ptx-assembler");
        ChildResult assembled = await ChildProcess.RunAsync(
            Repository.PathOf("build", "kernels"), ["--assemble", assembler]);
        Assert.True(assembled.ExitCode == 0, assembled.All);
        string[] lines = assembled.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        // Of 65,536 registers a block of 256 threads has 256 for each: with 128, two blocks fit.
        Assert.All(lines, line => Assert.InRange(Registers(line), 16, 128));
    }

    [Fact]
    public async Task The_threads_of_the_kernel_do_not_race()
    {
        using var folder = new TemporaryFolder();
        string here = Repository.PathOf("tests", "NvmeGpu.Runtime.Tests", "Cuda", "Kernels");
        string program = folder.PathOf("host-races");
        ChildResult compiled = await HostThreads.CompileAsync(
            ["-g", "-O1", "-fsanitize=thread", "-DBLOCK_THREADS=32u", "-o", program, $"{here}/host-races.c"]);
        Assert.True(compiled.ExitCode == 0, compiled.All);
        // The sanitizer wants its memory at fixed places, which random addresses of a newer kernel may take.
        ChildResult run = await ChildProcess.RunAsync("setarch", ["-R", program]);
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal("601 slots were consumed\n", run.Output);
    }

    // "...: 72 registers, 36936 bytes smem, ..."
    private static int Registers(string line) =>
        int.Parse(line.Split(": ")[1].Split(' ').First(), System.Globalization.CultureInfo.InvariantCulture);
}
