using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tidy;

/// <summary>
/// `dotnet format`, the part that needs no build. Its other parts, style and analyzers, are errors of the
/// build here.
/// </summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Dotnet_format_would_change_no_white_space()
    {
        ChildResult format = await FormatAsync(Repository.Root);
        Assert.True(format.ExitCode == 0, format.All);
    }

    [Fact]
    public async Task It_would_change_a_file_that_is_laid_out_otherwise()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Repository.PathOf(".editorconfig"), folder.PathOf(".editorconfig"));
        await File.WriteAllTextAsync(folder.PathOf("Bad.cs"), "class  C{}\n");

        ChildResult format = await FormatAsync(folder.FullPath);

        Assert.Equal(2, format.ExitCode);
        Assert.Contains("Bad.cs(1,", format.All);
    }

    private static Task<ChildResult> FormatAsync(string folder) => ChildProcess.RunAsync(
        "dotnet",
        // Markers ({|NVG0003:...|}) are no C#.
        ["format", "whitespace", ".", "--folder", "--verify-no-changes", "--exclude",
            "artifacts", "tests/corpus/speak", "tests/corpus/museum"],
        folder);
}
