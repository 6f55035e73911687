using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>Bad input gives one clear sentence with the likely cause, and an exit code that says
/// so.</summary>
public class IngestBadInputTests
{
    private const string Unprivileged = "setpriv --reuid=65534 --regid=65534 --clear-groups";

    public IngestBadInputTests() => ToolProcess.RequireRing();

    [Theory]
    [InlineData("missing", "no such file")]
    [InlineData("fifo", "is a FIFO")]
    [InlineData("/dev/zero", "--length")]
    [InlineData("dangling", "no such file")]
    [InlineData("/proc/cpuinfo", "size is said to be 0")]
    [InlineData("", "the path is empty")]
    public async Task One_bad_source_is_a_sentence_and_the_good_one_is_read(string name, string sentence)
    {
        using var folder = new TemporaryFolder();
        string good = Sha256sum.Write(folder.PathOf("good"), 10);
        File.CreateSymbolicLink(folder.PathOf("dangling"), "nowhere");
        await ChildProcess.RunAsync("mkfifo", [folder.PathOf("fifo")]);
        string bad = name.Length == 0 ? "" : Path.Combine(folder.FullPath, name);

        ChildResult result = await ToolProcess.RunAsync("ingest", "-q", bad, good);
        Assert.Equal(1, result.ExitCode);
        string line = Assert.Single(Sha256sum.Lines(result.Error));
        Assert.StartsWith($"nvmegpu: {bad}: ", line);
        Assert.Contains(sentence, line);
        Assert.Equal(await Sha256sum.LinesAsync(good), Sha256sum.Lines(result.Output));
    }

    [Theory]
    [InlineData("missing", "ENOENT")]
    [InlineData("good", "NVMe")]
    [InlineData("/dev/null", "NVMe")]
    [InlineData("", "the path is empty")]
    public async Task A_range_of_what_is_no_namespace_is_a_sentence(string name, string sentence)
    {
        using var folder = new TemporaryFolder();
        Sha256sum.Write(folder.PathOf("good"), 10_000);
        string path = name.Length == 0 ? "" : Path.Combine(folder.FullPath, name);
        ChildResult result = await ToolProcess.RunAsync("ingest", "-q", path, "--lba-range", "0+8");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        string line = Assert.Single(Sha256sum.Lines(result.Error));
        Assert.StartsWith($"nvmegpu: {path}: ", line);
        Assert.Contains(sentence, line);
    }

    [Fact]
    public async Task A_character_device_is_read_as_far_as_asked()
    {
        ChildResult result =
            await ToolProcess.RunAsync("ingest", "-q", "/dev/zero", "--length", "3M", "--hash", "sha256");
        ChildResult expected =
            await ChildProcess.RunAsync("bash", ["-c", "head -c 3M /dev/zero | sha256sum"]);
        Assert.Equal(expected.Output.Replace("-", "/dev/zero", StringComparison.Ordinal), result.Output);
    }

    [Fact]
    public async Task A_file_shorter_than_the_length_is_told()
    {
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("short"), 10);
        ChildResult result = await ToolProcess.RunAsync("ingest", "-q", path, "--length", "11");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("11 bytes were asked for, and it has 10", result.Error);
    }

    [Fact]
    public async Task A_name_of_3_000_characters_is_too_long_in_words()
    {
        ChildResult argument = await ToolProcess.RunAsync("ingest", "-q", new string('x', 300));
        ChildResult listed =
            await ToolProcess.RunWithInputAsync(new string('y', 10_000) + "\n", "ingest", "-q", "-");
        Assert.Equal((1, 1), (argument.ExitCode, listed.ExitCode));
        Assert.Contains("too long", argument.Error);
        Assert.Contains("longer than a path can be", listed.Error);
    }

    [Fact]
    public async Task Names_that_are_not_UTF8_are_refused_in_words_wherever_they_come_from()
    {
        using var folder = new TemporaryFolder();
        ChildResult result = await ToolProcess.RunShellAsync(
            "cd \"$1\" && mkdir d && echo 1 > $'d/\\xff\\xfe' && echo 2 > d/good"
            + " && { nvmegpu ingest -q d; echo $?; nvmegpu ingest -q $'d/\\xff\\xfe'; echo $?; ls -d d/* | "
            + "nvmegpu ingest -q -; echo $?; rm -r d; }",
            folder.FullPath);
        Assert.Equal(3, Sha256sum.Lines(result.Error).Length);
        Assert.All(Sha256sum.Lines(result.Error), line => Assert.Contains("not valid UTF-8", line));
        string[] lines = Sha256sum.Lines(result.Output);
        Assert.Equal(3, lines.Count(line => line == "1")); // exit codes
        Assert.Equal(2, lines.Count(line => line.EndsWith("  d/good", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hostile_name_cannot_move_the_terminal()
    {
        using var folder = new TemporaryFolder();
        string hostile = folder.PathOf("x\u001b]0;title\u0007\u001b[2J\u202Egpj.exe\nnvmegpu: all is well");
        ChildResult result = await ToolProcess.RunAsync("ingest", hostile);
        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.All);
        Assert.DoesNotContain('\u0007', result.All);
        Assert.DoesNotContain('\u202e', result.All);
        Assert.Single(Sha256sum.Lines(result.Error));
        Assert.Contains("\\x1b", result.Error);
    }

    [Fact]
    public async Task A_directory_without_permission_is_told_and_the_others_are_read()
    {
        Requirement.That(Environment.IsPrivilegedProcess, "becoming another user (setpriv) needs root");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("tree", "closed"));
        Directory.CreateDirectory(folder.PathOf("tree", "open"));
        Sha256sum.Write(folder.PathOf("tree", "closed", "secret"), 10);
        string good = Sha256sum.Write(folder.PathOf("tree", "open", "good"), 10);
        string unreadable = Sha256sum.Write(folder.PathOf("tree", "open", "unreadable"), 10);
        await ChildProcess.RunAsync("chmod", ["go=", folder.PathOf("tree", "closed"), unreadable]);
        await RequireReachableAsync(good);

        ChildResult result = await ToolProcess.RunShellAsync(
            $"exec {Unprivileged} \"$DOTNET\" \"$NVMEGPU\" ingest -q \"$1\"", folder.PathOf("tree"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(await Sha256sum.LinesAsync(good), Sha256sum.Lines(result.Output));
        Assert.Equal(2, Sha256sum.Lines(result.Error).Length);
        Assert.All(Sha256sum.Lines(result.Error), line => Assert.Contains("permission denied", line));
        Assert.Contains("closed: permission denied", result.Error);
    }

    internal static async Task RequireReachableAsync(string path)
    {
        ChildResult result = await ChildProcess.RunAsync(
            "bash", [
                "-c", $"{Unprivileged} cat \"$1\" \"$2\" >/dev/null", "bash", path, ToolProcess.Program]);
        Requirement.That(
            result.ExitCode == 0,
            $"another user cannot read the checkout ({result.Error.Trim()}): put it where everybody may "
            + "pass");
    }
}
