using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NvmeGpu.TestKit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// One <c>csharp</c> block of a rule's page: a whole file, or statements for a method that has a ring, an
/// entry, memory and the owned types at hand (CONTRIBUTING.md says which).
/// </summary>
internal sealed partial record PageSample(string Page, string Section, int FirstLine, string[] Lines)
{
    private const string Usings = """
        #nullable enable
        using System;
        using System.Buffers;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using NvmeGpu;
        using NvmeGpu.Bindings;
        using NvmeGpu.Contracts;
        using static NvmeGpu.Bindings.Liburing;

        """;

    private const string Pointers = "io_uring* ring, io_uring_sqe* sqe, int fd, byte* pointer, ";

    private const string OwnedTypes = "IoUring owned, RegisteredRegion region, RegisteredFile file, "
        + "GpuMappedBuffer buffer, UringStream stream, int n, bool flag";

    public static IEnumerable<PageSample> Of(string page, params string[] sections)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("analyzers", "docs", page + ".md"));
        string section = "";
        for (int line = 0; line < lines.Length; line++)
        {
            if (lines[line].StartsWith("## ", StringComparison.Ordinal))
            {
                section = lines[line];
            }
            else if (lines[line] == "```csharp" && sections.Contains(section))
            {
                int end = Array.IndexOf(lines, "```", line);
                if (end < 0)
                {
                    throw new InvalidDataException($"{page}.md({line + 1}): the block has no end.");
                }
                yield return new PageSample(page, section, line + 2, lines[(line + 1)..end]);
                line = end;
            }
        }
    }

    /// <summary>What the comments at the ends of the lines promise: <c>// NVG0007</c>.</summary>
    public IEnumerable<(int Line, string Id)> Marked() => Lines.SelectMany(
        (text, index) => Mark().Match(text).Groups["id"].Captures.Select(
            id => (FirstLine + index, id.Value)));

    /// <summary>The program; its lines are counted as those of the page.</summary>
    public string Program()
    {
        string first = Lines.FirstOrDefault(line => line.Length > 0) ?? "";
        string block = $"#line {FirstLine} \"{Page}.md\"\n{string.Join('\n', Lines)}\n";
        if (first.StartsWith("using ", StringComparison.Ordinal) && !first.Contains('=')
            || first.StartsWith("#nullable", StringComparison.Ordinal))
        {
            return block;
        }
        // An await may not stand in an unsafe method.
        bool isAsync = Lines.Any(line => Await().IsMatch(line));
        string head = isAsync
            ? $"static async Task Sample(int fd, {OwnedTypes})"
            : $"static unsafe void Sample({Pointers}{OwnedTypes})";
        return $"{Usings}static class Page\n{{\n{head}\n{{\n{block}}}\n}}\n";
    }

    public override string ToString() => $"{Page}.md line {FirstLine} ({Section[3..]})";

    [GeneratedRegex(@"// (?<id>NVG\d{4})(?:[, ]+(?<id>NVG\d{4}))*\s*$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^[^/]*\bawait\b")]
    private static partial Regex Await();
}
