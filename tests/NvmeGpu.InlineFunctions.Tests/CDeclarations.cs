using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <param name="Declaration">The parameter as C declares it: <c>int (*compare)(int, int)</c>.</param>
/// <param name="Type">The same without the name, and without const and volatile.</param>
internal sealed record CVariable(string Name, string Declaration, string Type);

internal sealed record CFunctionDeclaration(
    string Name, bool IsInline, string Result, IReadOnlyList<CVariable> Parameters, string File, int Line);

/// <summary>
/// The functions that gcc itself finds in a header, with their types. Nothing here comes from the header
/// compiler, so what that one overlooks is missed.
/// </summary>
internal static partial class CDeclarations
{
    public static async Task<List<CFunctionDeclaration>> ReadAsync(
        HeaderUnderTest header, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        string list = folder.PathOf("functions.txt");
        await Gcc.RunAsync("-fsyntax-only", "-aux-info", list, header.Included);
        return
        [
            .. (await File.ReadAllLinesAsync(list, cancellation))
                .Select(line => Line().Match(line))
                .Where(match => match.Success && header.IsRequested(match.Groups["file"].Value))
                .Select(Parse)
                .DistinctBy(function => (function.Name, function.IsInline)),
        ];
    }

    private static CFunctionDeclaration Parse(Match line)
    {
        bool isInline = line.Groups["storage"].Value is "static";
        string result = line.Groups["result"].Value.Trim();
        if (result.Contains('('))
        {
            throw new NotSupportedException(
                $"{line.Value}: name the function pointer that is returned by a typedef; "
                + "its declaration is not parsed here.");
        }
        string[] parameters =
            [.. SplitAtCommas(line.Groups["parameters"].Value).Where(text => text is not "void")];
        string[] names = isInline
            ? [.. SplitAtCommas(line.Groups["names"].Value)]
            : [.. parameters.Select((_, i) => $"p{i}")];
        return new(
            line.Groups["name"].Value,
            isInline,
            result,
            [.. parameters.Zip(names, (text, name) => Variable(isInline ? text : $"{text} {name}", name))],
            line.Groups["file"].Value,
            int.Parse(line.Groups["line"].Value));
    }

    private static CVariable Variable(string declaration, string name)
    {
        string type = Regex.Replace(declaration, $@"\b{name}\b(?!.*\b{name}\b)", "");
        type = Qualifier().Replace(type, "");
        type = Regex.Replace(type, @"\s+", " ").Trim();
        return new(name, declaration, Regex.Replace(type, @"\* (?=\*)", "*"));
    }

    private static IEnumerable<string> SplitAtCommas(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (text[start..i].Trim() is { Length: > 0 } part)
                {
                    yield return part;
                }
                start = i + 1;
            }
            else if (text[i] is '(' or ')')
            {
                depth += text[i] is '(' ? 1 : -1;
            }
        }
    }

    // /* FILE:LINE:NF */ static RESULT NAME (PARAMETERS); /* (NAMES) ... */ OF without a prototype, and NC
    // for what has no body.
    [GeneratedRegex(
        @"^/\* (?<file>.*):(?<line>\d+):([NO]F \*/ (?<storage>static)|NC \*/ (?<storage>extern)) "
        + @"(?<result>.*?)(?<name>\w+) "
        + @"\((?<parameters>.*?)\);( /\* \((?<names>.*?)\).*)?$")]
    private static partial Regex Line();

    [GeneratedRegex(@"\b(const|volatile|restrict|__restrict)\b")]
    private static partial Regex Qualifier();
}
