using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// What cannot be translated gives no method and a line in the report that names place and construct:
/// refused.h says in a comment before each function by which word.
/// </summary>
public sealed class RefusedConstructsTests
{
    private static readonly HeaderUnderTest s_header = new(
        "refused",
        HeaderUnderTest.Own("refused.h"),
        ["/refused.h"],
        [
            .. HeaderUnderTest.Constructs.CompilerOptions.Take(1), "--file", HeaderUnderTest.Own("refused.h"),
            "--methodClassName", "Refused",
        ],
        "");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_function_has_no_method_and_a_line_that_says_where_and_why()
    {
        await Gcc.RequireAllAsync();
        TranslatedHeader translated = await TranslatedHeader.MakeAsync(s_header, Cancellation);
        Assert.Equal(
            ["end_of_life", "not_refused", "not_refused_array"],
            translated.Methods.Keys.Order(StringComparer.Ordinal));

        string[] report = translated.Printed.Split('\n');
        string[] source = await File.ReadAllLinesAsync(s_header.Included, Cancellation);
        List<string> wrong = [];
        foreach (CFunctionDeclaration function in await CDeclarations.ReadAsync(s_header, Cancellation))
        {
            string text = source[function.Line - 1];
            int comment = text.IndexOf("/* ", StringComparison.Ordinal);
            if (comment < 0 || function.Name is "not_refused")
            {
                continue;
            }
            string construct = text[(comment + 3)..text.IndexOf(" */", StringComparison.Ordinal)];
            if (!report.Any(line => line.Contains(function.Name, StringComparison.Ordinal)
                && line.Contains("refused.h:", StringComparison.Ordinal)
                && line.Contains(construct, StringComparison.OrdinalIgnoreCase)))
            {
                wrong.Add($"line {function.Line}: no line of the report has refused.h:, {function.Name} and "
                    + $"{construct}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong) + "\nThe report:\n" + translated.Printed);
    }
}
