using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>The pages are read offline, beside the sources: what they link to must be there.</summary>
public sealed partial class DocumentationLinkTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Repository.PathOf("analyzers", "docs"), "*.md")
            .Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_to_a_file_or_heading(string page)
    {
        string folder = Repository.PathOf("analyzers", "docs");
        Assert.All(
            Link().Matches(WithoutCode(File.ReadAllText(Path.Combine(folder, page))))
                .Select(match => match.Groups["target"].Value)
                .Where(target => !target.StartsWith("https://", StringComparison.Ordinal)),
            target =>
            {
                string[] parts = target.Split('#', 2);
                string path = parts[0].Length == 0
                    ? Path.Combine(folder, page) : Path.Combine(folder, parts[0]);
                Assert.True(File.Exists(path) || Directory.Exists(path),
                    $"{page} links to {target}, which is missing.");
                if (parts.Length == 2)
                {
                    Assert.Contains(parts[1], File.ReadLines(path).Where(line => line.StartsWith('#'))
                        .Select(Anchor));
                }
            });
    }

    [Fact]
    public void The_index_lists_every_page_once_and_in_order()
    {
        string[] listed =
        [
            .. File.ReadLines(Repository.PathOf("analyzers", "docs", "README.md"))
                .Select(line => Row().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["page"].Value),
        ];
        Assert.Equal(Pages.Select(row => row.Data).Where(page => page != "README.md"), listed);
    }

    [Theory]
    [InlineData("See [a page](NVG0006.md#known-limits) and [more](../README.md).",
        "NVG0006.md#known-limits ../README.md")]
    [InlineData("`[KernelRetains](x)` and\n```csharp\nint[](y);\n```\n", "")]
    public void Links_are_found_in_text_and_not_in_code(string text, string targets) => Assert.Equal(
        targets,
        string.Join(' ', Link().Matches(WithoutCode(text)).Select(match => match.Groups["target"].Value)));

    private static string WithoutCode(string text) => InlineCode().Replace(Block().Replace(text, ""), "");

    private static string Anchor(string heading) => new(
        [.. heading.TrimStart('#').Trim().ToLowerInvariant()
            .Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-')
            .Select(letter => letter == ' ' ? '-' : letter)]);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| \[(?<id>NVG\d{4})\]\((?<page>\k<id>\.md)\) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();
}
