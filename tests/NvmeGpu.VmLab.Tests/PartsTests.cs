using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>What needs no guest: pattern, archive, lines, trace, command lines.</summary>
public sealed class PartsTests
{
    // From the reference implementation of SplitMix64 (seed 1234567, the first five outputs).
    [Fact]
    public void The_pattern_is_SplitMix64_from_its_seed()
    {
        ulong[] expected =
        [
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
            16408922859458223821,
        ];
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(i => DiskPattern.WordAt(i * 8, 1234567)));
    }

    [Fact]
    public void A_single_wrong_bit_is_found_where_it_is()
    {
        byte[] bytes = new byte[4096];
        DiskPattern.Fill(bytes, 1 << 20, DiskImage.Seed);
        Assert.Equal(-1, DiskPattern.FirstDifference(bytes, 1 << 20, DiskImage.Seed));
        bytes[1003] ^= 4;
        Assert.Equal(1000, DiskPattern.FirstDifference(bytes, 1 << 20, DiskImage.Seed));
        bytes[1003] ^= 4;
        Assert.Equal(0, DiskPattern.FirstDifference(bytes, (1 << 20) + 8, DiskImage.Seed));
    }

    [Fact]
    public async Task The_archive_is_what_cpio_reads()
    {
        Requirement.That(File.Exists("/usr/bin/cpio") || File.Exists("/bin/cpio"), "cpio is not here");
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("a.cpio");
        byte[] content = Encoding.ASCII.GetBytes("some content of 27 bytes...");
        using (FileStream file = File.Create(path))
        using (var archive = new CpioWriter(file))
        {
            archive.AddFolder("empty");
            archive.AddFile("/some/where/file", content);
            archive.AddFile("/some/where/other", []);
        }
        ChildResult result = await ChildProcess.RunAsync(
            "sh",
            [
                "-c", "cd \"$1\" && cpio -i --quiet < a.cpio && find . -mindepth 1 | sort", "sh",
                folder.FullPath,
            ]);
        Assert.Equal("", result.Error);
        Assert.Equal(
            "./a.cpio ./empty ./some ./some/where ./some/where/file ./some/where/other",
            string.Join(' ', result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(content, await File.ReadAllBytesAsync(folder.PathOf("some", "where", "file")));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("two\nlines and a \\ and \\n")]
    [InlineData("")]
    public void A_message_comes_through_in_one_line(string text)
    {
        string line = GuestWords.Escape(text);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(text, GuestWords.Unescape(line));
    }

    [Fact]
    public void Results_are_taken_from_lines_and_what_was_not_said_has_failed()
    {
        var log = new GuestLog();
        foreach (string line in (string[])["start 7.3.4", "begin One", "passed One 12", "begin Two",
            "failed Two 3 it is\\nwrong", "begin Three", "skipped Three 0 not here", "fact some thing else",
            "begin Four"])
        {
            log.Add(line);
        }
        Assert.Equal(new GuestTestResult("One", GuestOutcome.Passed, 12, ""), log.ResultOf("One", null));
        Assert.Equal(
            new GuestTestResult("Two", GuestOutcome.Failed, 3, "it is\nwrong"), log.ResultOf("Two", null));
        Assert.Equal(
            new GuestTestResult("Three", GuestOutcome.Skipped, 0, "not here"), log.ResultOf("Three", null));
        Assert.Equal("thing else", log.Facts["some"]);
        Assert.Equal(" in Four", log.Where());
        Assert.Equal(
            new GuestTestResult("Four", GuestOutcome.Failed, 0, "it died"), log.ResultOf("Four", "it died"));
        Assert.False(log.IsDone);
        log.Add("done");
        Assert.True(log.IsDone);
    }

    [Fact]
    public void Bus_addresses_are_read_from_the_trace_and_nothing_else_is()
    {
        Assert.Equal(
            new DmaRange(0xf4000000, 4096),
            DmaRange.Parse("1234@1600000000.123:pci_nvme_map_addr addr 0xf4000000 len 4096"));
        Assert.Equal(new DmaRange(0x10, 512), DmaRange.Parse("pci_nvme_map_addr addr 0x10 len 512"));
        Assert.Null(DmaRange.Parse("pci_nvme_map_addr_cmb addr 0x10 len 512"));
        Assert.Null(DmaRange.Parse("pci_nvme_map_prp addr 0x10 len 512"));
    }

    [Theory]
    [InlineData(100, 10, true)]
    [InlineData(190, 10, true)]
    [InlineData(191, 10, false)]
    [InlineData(99, 10, false)]
    [InlineData(100, 0, false)]
    [InlineData(150, ulong.MaxValue, false)]
    public void A_range_is_within_others_only_as_a_whole(ulong address, ulong lengthBytes, bool expected) =>
        Assert.Equal(expected, new DmaRange(address, lengthBytes).IsWithin(100, 199));

    [Fact]
    public void Scenarios_have_names_of_their_own_and_known_kernels()
    {
        Assert.Equal(Scenarios.All.Count, Scenarios.All.Select(scenario => scenario.Name).Distinct().Count());
        string[] locked =
        [
            .. File.ReadLines(LabPaths.In("tests", "vm-lab", "packages.lock"))
                .Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')[0]),
        ];
        Assert.All(Scenarios.All, scenario => Assert.Contains(scenario.Kernel, locked));
        Assert.All(Scenarios.All, scenario => Assert.NotEmpty(scenario.Tests));
    }

    [Theory]
    [InlineData("--scenario", "--scenario needs a value")]
    [InlineData("--scenari", "'--scenari' is not known")]
    public void Bad_arguments_are_one_sentence(string argument, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<LabException>(() => CommandLine.Parse([argument])).Message);

    [Fact]
    public void What_a_killed_program_left_is_removed_and_what_a_living_one_has_is_not()
    {
        using var own = new GuestFolder();
        string orphan = Path.Join(Path.GetTempPath(), $"nvmegpu-lab-{int.MaxValue}-test");
        Directory.CreateDirectory(Path.Join(orphan, "inner"));
        using (var other = new GuestFolder())
        {
            Assert.True(Directory.Exists(other.FullPath));
        }
        Assert.False(Directory.Exists(orphan));
        Assert.True(Directory.Exists(own.FullPath));
    }

    [Fact]
    public void An_unknown_scenario_is_refused_with_the_names_that_there_are()
    {
        LabException e = Assert.Throws<LabException>(() => Scenarios.Find("nothing"));
        Assert.Contains("there is no scenario 'nothing'", e.Message);
        Assert.Contains("switch-512", e.Message);
    }
}
