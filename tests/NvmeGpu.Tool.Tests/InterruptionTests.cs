using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>Signals, readers that leave, files that change: the command ends in order and says how far it
/// got.</summary>
public class InterruptionTests
{
    private const string LastHeaderLine = "pages";

    public InterruptionTests() => ToolProcess.RequireRing();

    [Theory]
    [InlineData("INT", 130, "SIGINT")]
    [InlineData("TERM", 143, "SIGTERM")]
    public async Task A_signal_ends_an_endless_read_quickly_and_says_how_far_it_got(
        string signal, int exitCode, string name)
    {
        using Process tool = ToolProcess.Start("ingest", "/dev/zero", "--length", "1T");
        await WaitUntilReadingAsync(tool, TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();
        await SignalAsync(tool, signal);
        ChildResult result = await EndAsync(tool);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"it took {watch.Elapsed}");
        string line = Assert.Single(Sha256sum.Lines(result.Error));
        Assert.Matches($"^nvmegpu: cancelled by {name} after [1-9][0-9,]* bytes; 0 sources", line);
        Assert.DoesNotMatch("(?m)^[0-9a-f]{64} ", result.Output); // a part of a file has no checksum line
    }

    [Fact]
    public async Task A_signal_ends_the_wait_for_a_list_that_never_ends()
    {
        using Process tool = ToolProcess.Start("ingest", "-");
        await WaitForLineAsync(tool);
        await SignalAsync(tool, "INT");
        ChildResult result = await EndAsync(tool);
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("cancelled by SIGINT after 0 bytes", result.Error);
    }

    [Fact]
    public async Task A_file_that_is_cut_while_it_is_read_fails_in_words_and_has_no_checksum()
    {
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("cut"), 4096);
        using FileStream file = File.OpenWrite(path);
        file.SetLength(1L << 40); // a hole that takes minutes to read
        using Process tool = ToolProcess.Start("ingest", path, "--slots", "2");
        await WaitUntilReadingAsync(tool, TimeSpan.FromSeconds(1));
        file.SetLength(100_000);
        ChildResult result = await EndAsync(tool);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("it became shorter while it was read", Assert.Single(Sha256sum.Lines(result.Error)));
        Assert.DoesNotMatch("(?m)^[0-9a-f]{64} ", result.Output);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_it_without_a_word()
    {
        using var folder = new TemporaryFolder();
        Sha256sum.Write(folder.PathOf("one"), 10);
        // More lines than a pipe holds.
        ChildResult result = await ToolProcess.RunShellAsync(
            "yes \"$1\" 2>/dev/null | head -n 20000 2>/dev/null | nvmegpu ingest -q - | head -n 1 | wc -l; "
            + "echo \"${PIPESTATUS[2]}\"", folder.PathOf("one"));
        Assert.Equal("", result.Error);
        Assert.Equal("1\n141\n", result.Output);
    }

    [Fact]
    public async Task An_output_that_is_full_is_a_sentence()
    {
        using var folder = new TemporaryFolder();
        Sha256sum.Write(folder.PathOf("one"), 10);
        ChildResult result =
            await ToolProcess.RunShellAsync("nvmegpu ingest \"$1\" > /dev/full", folder.PathOf("one"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("No space left", Assert.Single(Sha256sum.Lines(result.Error)));
    }

    [Fact]
    public async Task What_others_wrote_to_the_same_file_stays()
    {
        using var folder = new TemporaryFolder();
        Sha256sum.Write(folder.PathOf("one"), 10);
        ChildResult result = await ToolProcess.RunShellAsync(
            "{ echo before; nvmegpu ingest -q \"$1\"; echo after; } > \"$1.out\"; cat \"$1.out\"",
            folder.PathOf("one"));
        string[] lines = Sha256sum.Lines(result.Output);
        Assert.Equal(["before", (await Sha256sum.LinesAsync(folder.PathOf("one")))[0], "after"], lines);
    }

    private static async Task WaitForLineAsync(Process tool)
    {
        string? line;
        do
        {
            line = await tool.StandardOutput.ReadLineAsync();
            Assert.NotNull(line);
        }
        while (!line.StartsWith(LastHeaderLine, StringComparison.Ordinal));
    }

    /// <summary>The header was printed, and since then it has worked that long: so it is in the middle of the
    /// bytes.</summary>
    private static async Task WaitUntilReadingAsync(Process tool, TimeSpan work)
    {
        await WaitForLineAsync(tool);
        TimeSpan start = tool.TotalProcessorTime;
        while (tool.TotalProcessorTime - start < work)
        {
            Assert.False(tool.HasExited);
            await Task.Delay(20);
            tool.Refresh();
        }
    }

    private static async Task SignalAsync(Process tool, string signal) => Assert.Equal(
        0, (await ChildProcess.RunAsync(
            "bash", ["-c", "kill -s \"$1\" \"$2\"", "bash", signal, tool.Id.ToString()])).ExitCode);

    private static async Task<ChildResult> EndAsync(Process tool)
    {
        Task<string> output = tool.StandardOutput.ReadToEndAsync();
        Task<string> error = tool.StandardError.ReadToEndAsync();
        Task exit = tool.WaitForExitAsync();
        if (await Task.WhenAny(exit, Task.Delay(TimeSpan.FromSeconds(60))) != exit)
        {
            tool.Kill();
            Assert.Fail("It did not end within 60 s.");
        }
        return ToolProcess.NoTrace(new ChildResult(tool.ExitCode, await output, await error));
    }
}
