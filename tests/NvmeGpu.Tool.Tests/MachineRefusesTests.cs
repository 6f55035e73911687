using System;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>A machine that refuses: exit code 3 and the likely cause, or a smaller set-up that works and says
/// so.</summary>
public class MachineRefusesTests
{
    private const string Limited =
        "prlimit --memlock=65536:65536 setpriv --reuid=65534 --regid=65534 --clear-groups";

    [Fact]
    public async Task Slots_that_do_not_fit_the_locked_memory_limit_are_refused_with_the_cause()
    {
        using var folder = new TemporaryFolder();
        string path = await LimitedFileAsync(folder);
        ChildResult result = await ToolProcess.RunShellAsync(
            $"exec {Limited} \"$DOTNET\" \"$NVMEGPU\" ingest --slots 32 \"$1\"", path);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("ulimit -l", Assert.Single(Sha256sum.Lines(result.Error)));
    }

    [Fact]
    public async Task The_default_adapts_to_the_locked_memory_limit_and_says_so()
    {
        using var folder = new TemporaryFolder();
        string path = await LimitedFileAsync(folder);
        ChildResult result = await ToolProcess.RunShellAsync(
            $"exec {Limited} \"$DOTNET\" \"$NVMEGPU\" ingest \"$1\"", path);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ulimit -l", result.Output);
        Assert.Contains((await Sha256sum.LinesAsync(path))[0], result.Output);
    }

    [Fact]
    public async Task Commands_are_for_what_lies_on_an_NVMe_drive()
    {
        ToolProcess.RequireRing();
        ChildResult result =
            await ToolProcess.RunAsync("ingest", "--path", "gpudirect", "--length", "4096", "/dev/null");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not a namespace's (ngXnY)", Assert.Single(Sha256sum.Lines(result.Error)));
    }

    [Fact]
    public async Task A_path_that_is_not_there_says_what_is_missing()
    {
        ToolProcess.RequireRing();
        ChildResult probe = await ToolProcess.RunAsync("probe", "--json");
        Requirement.Hardware(
            !probe.Output.Contains("\"isAvailable\": true,\n      \"isProven\": true",
                StringComparison.Ordinal), "this machine has it");
        ChildResult result = await ToolProcess.RunAsync("ingest", "--path", "peer-file", "/dev/null");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("not available here", Assert.Single(Sha256sum.Lines(result.Error)));
    }

    [Theory]
    [InlineData(Seccomp.EPERM)]
    [InlineData(Seccomp.ENOSYS)]
    public async Task A_seccomp_filter_that_forbids_io_uring_is_named_as_the_cause(int errno)
    {
        ChildResult result = ToolProcess.NoTrace(
            await Seccomp.RunWithoutIoUringAsync(
                errno, ToolProcess.Dotnet, ToolProcess.Program, "ingest", "/dev/null"));
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("seccomp", Assert.Single(Sha256sum.Lines(result.Error)));

        ChildResult json = ToolProcess.NoTrace(
            await Seccomp.RunWithoutIoUringAsync(
                errno, ToolProcess.Dotnet, ToolProcess.Program, "ingest", "--json", "/dev/null"));
        Assert.Equal(3, json.ExitCode);
        using var document = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal("refused", document.RootElement.GetProperty("result").GetProperty("status").GetString());

        ChildResult probe = ToolProcess.NoTrace(
            await Seccomp.RunWithoutIoUringAsync(errno, ToolProcess.Dotnet, ToolProcess.Program, "probe"));
        Assert.Equal(3, probe.ExitCode);
    }

    private static async Task<string> LimitedFileAsync(TemporaryFolder folder)
    {
        ToolProcess.RequireRing();
        Requirement.That(
            Environment.IsPrivilegedProcess, "becoming a user without CAP_IPC_LOCK (setpriv) needs root");
        string path = Sha256sum.Write(folder.PathOf("data"), 1_000_001);
        await IngestBadInputTests.RequireReachableAsync(path);
        return path;
    }
}
