using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.HeaderCompiler.Options;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>generator/README.md and --help tell of every option, and of no other.</summary>
public sealed partial class ReadmeOptionsTests
{
    private static readonly string s_readme = File.ReadAllText(Repository.PathOf("generator", "README.md"));

    [Fact]
    public void The_README_has_every_accepted_option_under_all_its_names() => Assert.Equal(
        Sorted(OptionTable.All.Where(option => option.Refusal is null).Select(NamesOf)),
        Sorted(Rows("## Options").Where(row => row.First.StartsWith("`-", StringComparison.Ordinal)).Select(
            row => row.First)));

    [Fact]
    public void The_README_has_every_refused_option_with_the_reason_that_the_program_gives() => Assert.Equal(
        Sorted(OptionTable.All.Where(option => option.Refusal is not null).Select(
            option => $"{NamesOf(option)}: {option.Refusal}")),
        Sorted(Rows("## Refused").Where(row => row.First.StartsWith("`-", StringComparison.Ordinal)).Select(
            row => $"{row.First}: {row.Second}")));

    [Fact]
    public void The_README_has_every_configuration_accepted_or_refused()
    {
        Assert.Equal(
            Sorted(OptionTable.Configurations.Where(pair => pair.Refusal is not null).Select(
                pair => $"`{pair.Name}`: {pair.Refusal}")),
            Sorted(Rows("## Refused").Where(row => row.First.Contains('`') && !row.First.Contains("`-"))
                .Select(
                row => $"{row.First}: {row.Second}")));
        string options = Section("## Options");
        Assert.All(
            OptionTable.Configurations.Where(pair => pair.Refusal is null),
            pair => Assert.Contains($"`{pair.Name}`", options, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_names_every_accepted_option_but_those_that_take_one_value_only()
    {
        ChildResult help = await Compiler.RunAsync(["--help"]);
        Assert.Equal(0, help.ExitCode);
        Assert.All(
            OptionTable.All.Where(option => option.Refusal is null
                && option.Names[0] is not ("--language" or "--output-mode")),
            option => Assert.Matches($@"(^|\s){option.Names[0]}\s", help.Output));
    }

    private static string NamesOf(Option option) =>
        string.Join(", ", option.Names.Select(name => $"`{name}`"));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    private static string Section(string heading)
    {
        int start = s_readme.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"the README has no section {heading}");
        int end = s_readme.IndexOf("\n## ", start, StringComparison.Ordinal);
        return end < 0 ? s_readme[start..] : s_readme[start..end];
    }

    private static IEnumerable<(string First, string Second)> Rows(string heading) =>
        Row().Matches(Section(heading)).Select(row => (row.Groups[1].Value, row.Groups[2].Value));

    [GeneratedRegex(@"^\| (.+?) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
