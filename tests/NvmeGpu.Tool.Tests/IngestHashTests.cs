using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>What the consumer saw is the file: the hashes are those of sha256sum(1).</summary>
public class IngestHashTests
{
    private const int SlotBytes = 65_536;

    public IngestHashTests() => ToolProcess.RequireRing();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_length_around_pages_and_slots_has_the_hash_of_sha256sum(bool isDirect)
    {
        using var folder = new TemporaryFolder();
        string[] paths =
        [
            .. new long[] { 0, 1, 4095, 4096, 4097, SlotBytes - 1, SlotBytes, SlotBytes + 1, 5_000_011 }
                .Select(length => Sha256sum.Write(folder.PathOf($"of-{length}"), length, (int)length)),
        ];
        string[] options = ["ingest", "--quiet", "--slots", "3", "--slot-size", "64K",
            .. isDirect ? ["--direct"] : Array.Empty<string>()];
        ChildResult result = await ToolProcess.RunAsync([.. options, .. paths]);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(await Sha256sum.LinesAsync(paths), Sha256sum.Lines(result.Output));
    }

    [Fact]
    public async Task A_directory_of_10_000_files_has_every_line_of_sha256sum()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        string[] paths = new string[10_000];
        for (int i = 0; i < paths.Length; i++)
        {
            string inner = folder.PathOf("files", $"d{i % 7}");
            Directory.CreateDirectory(inner);
            paths[i] = Path.Join(inner, $"f{i}");
            byte[] bytes = new byte[i * 37 % 5000];
            random.NextBytes(bytes);
            File.WriteAllBytes(paths[i], bytes);
        }
        ChildResult result = await ToolProcess.RunAsync("ingest", "--quiet", folder.PathOf("files"));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            (await Sha256sum.LinesAsync(paths)).Order(StringComparer.Ordinal),
            Sha256sum.Lines(result.Output).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_of_1_GiB_with_holes_and_data_has_the_hash_of_sha256sum()
    {
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("large"), 3_000_000);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(1L << 30);
            file.Position = 700_000_001;
            file.Write("in the middle"u8);
            file.Position = (1L << 30) - 5;
            file.Write("tail!"u8);
        }
        ChildResult result = await ToolProcess.RunAsync("ingest", "--quiet", path);
        Assert.Equal(await Sha256sum.LinesAsync(path), Sha256sum.Lines(result.Output));
    }

    [Theory]
    [InlineData("\n", false)]
    [InlineData("\0", true)]
    public async Task A_list_on_standard_input_is_read_as_it_stands(string separator, bool isNull)
    {
        using var folder = new TemporaryFolder();
        string[] paths =
        [
            Sha256sum.Write(folder.PathOf(" leading and trailing "), 10),
            Sha256sum.Write(folder.PathOf("$HOME * 'quoted' # ~"), 11),
            Sha256sum.Write(folder.PathOf("äöü 🙂"), 12),
            Sha256sum.Write(folder.PathOf("without an end"), 13),
        ];
        string[] options = ["ingest", "--quiet", "-", .. isNull ? ["-0"] : Array.Empty<string>()];
        ChildResult result = await ToolProcess.RunWithInputAsync(string.Join(separator, paths), options);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(await Sha256sum.LinesAsync(paths), Sha256sum.Lines(result.Output));
    }

    [Fact]
    public async Task Sha256sum_checks_the_lines_also_of_hostile_names_in_the_summary()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "plain", "two\nlines", "back\\slash", "cr\rname", "esc\u001b[31mred",
            "-dash", "@at" })
        {
            Sha256sum.Write(folder.PathOf(name), name.Length);
        }
        ChildResult result = await ToolProcess.RunShellAsync(
            "cd \"$1\" && nvmegpu ingest . -q | sha256sum -c --strict && nvmegpu ingest -- -dash @at | grep "
            + "-E '^[0-9a-f]{64}  ' | sha256sum -c --strict",
            folder.FullPath);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(9, Sha256sum.Lines(result.Output)
            .Count(line => line.EndsWith(": OK", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Json_holds_the_same_hashes_and_every_failure()
    {
        using var folder = new TemporaryFolder();
        string hostile = Sha256sum.Write(folder.PathOf("q\"\n\u001b[2J"), 100_001);
        string empty = Sha256sum.Write(folder.PathOf("empty"), 0);
        ChildResult result =
            await ToolProcess.RunAsync("ingest", "--json", hostile, folder.PathOf("missing"), empty);

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.All);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement[] sources = [.. document.RootElement.GetProperty("sources").EnumerateArray()];
        Assert.Equal(3, sources.Length);
        string[] expected = await Sha256sum.LinesAsync(hostile, empty);
        Assert.Equal(expected[0].TrimStart('\\')[..64], Find(hostile).GetProperty("hash").GetString());
        Assert.Equal(100_001, Find(hostile).GetProperty("bytes").GetInt64());
        Assert.Equal(expected[1][..64], Find(empty).GetProperty("hash").GetString());
        Assert.Contains("no such file", Find(folder.PathOf("missing")).GetProperty("error").GetString());
        JsonElement ended = document.RootElement.GetProperty("result");
        Assert.Equal("failed", ended.GetProperty("status").GetString());
        Assert.Equal(1, ended.GetProperty("exitCode").GetInt32());
        Assert.Equal(100_001, ended.GetProperty("telemetry").GetProperty("bytesPublished").GetInt64());
        Assert.NotEmpty(document.RootElement.GetProperty("result").GetProperty("kernelFeatures")
            .EnumerateArray());

        JsonElement Find(string path) => sources.Single(s => s.GetProperty("path").GetString() == path);
    }

    [Theory]
    [InlineData("sha256", "123456789", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225")]
    [InlineData("crc32c", "123456789", "e3069283")]
    [InlineData("crc32c", "", "00000000")]
    [InlineData("xxh3", "", "2d06800538d394c2")]
    public async Task Hashes_have_their_published_check_values(string kind, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("check"), content);
        ChildResult result =
            await ToolProcess.RunAsync("ingest", "-q", "--hash", kind, folder.PathOf("check"));
        Assert.Equal($"{expected}  {folder.PathOf("check")}\n", result.Output);
    }

    [Fact]
    public async Task The_summary_says_what_was_chosen_and_what_it_took()
    {
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("data"), 1_000_001);
        ChildResult result = await ToolProcess.RunAsync(
            "ingest", "--slots", "2", "--slot-size", "64KiB", "--hash", "none", path);
        Assert.Equal(0, result.ExitCode);
        foreach (string part in new[]
        {
            "RegisteredMappedRead (auto", "2 (as asked) of 64 KiB (as asked)", "HostMapped, ",
            "IORING_SETUP_",
            "1,000,001 in ", "GB/s", "1 read, 0 failed", "16, 0 short", "16 reads copied from the page cache",
            "(io_uring_enter)", "s per GB",
        })
        {
            Assert.Contains(part, result.Output);
        }
    }

    [Fact]
    public async Task Memory_stays_flat_over_60_000_sources()
    {
        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(
            folder.PathOf("one file, named again and again, with a name of some length"), 100);
        // 16 MiB of heap: 60,000 paths of about 150 characters alone would be more.
        ChildResult result = await ToolProcess.RunShellAsync(
            "export DOTNET_GCHeapHardLimit=0x1000000; yes \"$1\" 2>/dev/null | head -n 60000 | nvmegpu "
            + "ingest -q --hash xxh3 - | sort | uniq -c", path);
        Assert.Equal("", result.Error);
        Assert.StartsWith("60000 ", result.Output.Trim());
    }
}
