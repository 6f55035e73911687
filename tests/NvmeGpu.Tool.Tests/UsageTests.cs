using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>A wrong command line is exit code 2 and one sentence; help names the exit codes.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("Required command", "")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("PATH", "ingest")]
    [InlineData("--slots must be a number from 1 to 32768, not '0'", "ingest x --slots 0")]
    [InlineData("--slots must be", "ingest x --slots 99999999999999999999")]
    [InlineData("multiple of 4096", "ingest x --slot-size 5000")]
    [InlineData("--slot-size must be", "ingest x --slot-size 2G")]
    [InlineData("--slot-size must be", "ingest x --slot-size 64Q")]
    [InlineData("--hash must be", "ingest x --hash md5")]
    [InlineData("--path must be", "ingest x --path teleport")]
    [InlineData("--depth must be", "ingest x --depth -1")]
    [InlineData("--length must be", "ingest x --length 9E")]
    [InlineData("--lba-range must be FIRST+COUNT", "ingest x --lba-range 5")]
    [InlineData("--lba-range must be FIRST+COUNT", "ingest x --lba-range 5+0")]
    [InlineData("--lba-range must be FIRST+COUNT", "ingest x --lba-range 0x5+1")]
    [InlineData("--lba-range must be FIRST+COUNT", "ingest x --lba-range 1+18446744073709551616")]
    [InlineData("--lba-range is of one namespace", "ingest x y --lba-range 0+1")]
    [InlineData("--lba-range is of one namespace", "ingest - --lba-range 0+1")]
    [InlineData("--lba-range and --length", "ingest x --lba-range 0+1 --length 1M")]
    [InlineData("--path gpudirect", "ingest x --lba-range 0+1 --path registered")]
    [InlineData("there is no option --frob", "ingest x --frob")]
    [InlineData("there is no option -z", "ingest -z")]
    [InlineData("there is no option --frob", "probe --frob")]
    [InlineData("--pairs must be", "bench --pairs 0")]
    public async Task A_wrong_command_line_is_one_sentence_and_exit_code_2(string sentence, string arguments)
    {
        ChildResult result = await ToolProcess.RunAsync(
            arguments.Split(' ', System.StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains(sentence, result.Error);
        Assert.StartsWith("nvmegpu: ", result.Error);
        Assert.Contains("--help", result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("ingest --help")]
    [InlineData("probe --help")]
    [InlineData("bench --help")]
    public async Task Help_names_the_exit_codes(string arguments)
    {
        ChildResult result = await ToolProcess.RunAsync(arguments.Split(' '));
        Assert.Equal(0, result.ExitCode);
        foreach (string code in new[] { "0    ", "1    ", "2    ", "3    ", "70   ", "130  ", "143",
            "141  " })
        {
            Assert.Contains(code, result.Output);
        }
    }

    [Fact]
    public async Task A_missing_fio_is_a_sentence_with_the_command_that_installs_it()
    {
        ToolProcess.RequireRing();
        using var folder = new TemporaryFolder();
        ChildResult result = await ToolProcess.RunAsync(
            "bench", "--fio", folder.PathOf("no-fio"), "--size", "1M", "--folder", folder.FullPath);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("apt-get install --yes fio", Assert.Single(Sha256sum.Lines(result.Error)));
        Assert.Empty(System.IO.Directory.GetFiles(folder.FullPath)); // the file to read is removed
    }

    [Fact]
    public async Task The_path_may_be_named_and_auto_is_a_name()
    {
        ToolProcess.RequireRing();
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("data"), 1 << 20);
        foreach (string name in new[] { "auto", "registered" })
        {
            ChildResult result = await ToolProcess.RunAsync("ingest", "--path", name, path);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Contains((await Sha256sum.LinesAsync(path))[0], result.Output);
        }
    }

    [Fact]
    public async Task Probe_judges_every_read_path()
    {
        ToolProcess.RequireRing();
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("data\u001b[2J"), 1 << 20);
        ChildResult text = await ToolProcess.RunAsync("probe", path);
        ChildResult json = await ToolProcess.RunAsync("probe", "--json", path);
        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        Assert.DoesNotContain('\u001b', text.All + json.All);
        using var document = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal(16, document.RootElement.GetProperty("checks").GetArrayLength());
        Assert.Equal(3, document.RootElement.GetProperty("paths").GetArrayLength());
        foreach (string name in new[] { "RegisteredMappedRead", "GpuDirectNvmePassthrough",
            "PeerDirectFileRead" })
        {
            Assert.Contains(name, text.Output);
            Assert.Contains(name, json.Output);
        }
    }
}
