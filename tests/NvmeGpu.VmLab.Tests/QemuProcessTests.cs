using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>The process around a guest, with other programs in QEMU's place.</summary>
public sealed class QemuProcessTests
{
    [Fact]
    public async Task Lines_go_both_ways_and_the_error_stream_is_kept_apart()
    {
        await using QemuProcess process =
            await QemuProcess.StartAsync("sh", ["-c", "read x; echo got $x; echo problem >&2; exit 7"]);
        await process.SendAsync("something");
        Assert.Equal("got something", await process.Lines.ReadAsync());
        Assert.Equal(7, await process.WaitForExitAsync());
        Assert.False(await process.Lines.WaitToReadAsync());
        Assert.True(
            await Eventually(() => process.Error == "problem"), $"the error stream has '{process.Error}'");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_one_sentence()
    {
        await using QemuProcess process = await QemuProcess.StartAsync("there-is-no-such-program", []);
        Assert.NotEqual(0, await process.WaitForExitAsync());
        Assert.True(await Eventually(() => process.Error.Contains(
            "there-is-no-such-program", StringComparison.Ordinal)), process.Error);
    }

    [Fact]
    public async Task Disposing_ends_a_program_that_does_not_want_to()
    {
        int id;
        await using (QemuProcess process =
            await QemuProcess.StartAsync("sh", ["-c", "trap '' TERM INT; while :; do sleep 1; done"]))
        {
            id = process.Id;
            Assert.True(IsRunning(id));
        }
        Assert.False(IsRunning(id));
    }

    /// <summary>A driver of its own, killed so that it can do nothing any more.</summary>
    [Fact]
    public async Task The_program_ends_with_its_driver_however_that_ends()
    {
        using Process driver = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            [typeof(Scenario).Assembly.Location, "--start-for-a-test", "sleep", "300"])
        {
            RedirectStandardOutput = true,
        })!;
        int id = int.Parse((await driver.StandardOutput.ReadLineAsync())!);
        Assert.True(IsRunning(id));
        driver.Kill();
        await driver.WaitForExitAsync();
        Assert.True(await Eventually(() => !IsRunning(id)), $"process {id} outlived its driver");
    }

    private static bool IsRunning(int id)
    {
        // A zombie, which nobody may have waited for here, does not run.
        try
        {
            string status = File.ReadAllText($"/proc/{id}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<bool> Eventually(Func<bool> condition)
    {
        for (int i = 0; i < 500; i++)
        {
            if (condition())
            {
                return true;
            }
            await Task.Delay(10);
        }
        return false;
    }
}
