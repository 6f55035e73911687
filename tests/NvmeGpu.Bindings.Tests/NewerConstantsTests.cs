using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>Constants by hand are for as long as the locked headers do not have them.</summary>
public sealed partial class NewerConstantsTests
{
    [Fact]
    public void No_locked_header_has_a_constant_that_is_written_by_hand()
    {
        Headers.Require();
        string text = File.ReadAllText(
            Repository.PathOf("bindings", "Linux", "NewerKernel.cs"));
        string[] names = [.. Constant().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.True(names.Length >= 5, $"only {names.Length} constants were found");

        string[] headers = Directory.GetFiles(Headers.Folder, "*.h", SearchOption.AllDirectories);
        Assert.NotEmpty(headers);
        foreach (string header in headers)
        {
            string[] known = [.. names.Where(
                name => Regex.IsMatch(File.ReadAllText(header), $@"\b{name}\b"))];
            Assert.True(
                known.Length == 0,
                $"{header} has {string.Join(", ", known)} now: take them out of NewerKernel.cs");
        }
    }

    [GeneratedRegex(@"public const \w+ (\w+) =")]
    private static partial Regex Constant();
}
