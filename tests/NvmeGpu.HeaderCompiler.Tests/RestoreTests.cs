using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>
/// native-headers/restore with headers that the user gives: a copy of the script in a root of its own,
/// offline.
/// </summary>
public sealed class RestoreTests : IDisposable
{
    private static readonly Dictionary<string, string> s_options = new()
    {
        ["liburing-dev"] = "--liburing-include",
        ["linux-libc-dev"] = "--linux-include",
        ["libc6-dev"] = "--libc-include",
        ["nvidia-cuda-dev"] = "--cuda-include",
    };

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Given_headers_that_are_the_locked_ones_are_taken_and_then_up_to_date()
    {
        List<string> options = Prepare();

        ChildResult first = await RestoreAsync(options);
        Assert.True(first.ExitCode == 0, first.All);
        ChildResult second = await RestoreAsync([]);

        Assert.Equal(0, second.ExitCode);
        Assert.Contains("up to date", second.Output, StringComparison.Ordinal);
        Assert.Equal(LockedHeaders().Count, Restored().Length);
        foreach ((string package, string path) in LockedHeaders())
        {
            Assert.True(File.Exists(_root.PathOf("artifacts", "native-headers", package, path)), path);
        }
    }

    [Fact]
    public async Task A_given_header_that_is_not_the_locked_one_is_refused_by_name_unless_accepted()
    {
        List<string> options = Prepare();
        await File.AppendAllTextAsync(
            _root.PathOf("given", "liburing-dev", "liburing.h"), "/* mine */",
                TestContext.Current.CancellationToken);

        ChildResult refused = await RestoreAsync(options);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "these headers are not the locked ones: liburing-dev/usr/include/liburing.h;", refused.Error,
            StringComparison.Ordinal);
        Assert.Empty(Restored());

        ChildResult accepted = await RestoreAsync([.. options, "--accept"]);
        Assert.Equal(0, accepted.ExitCode);
        Assert.Contains(
            "accepted: liburing-dev/usr/include/liburing.h", accepted.Error, StringComparison.Ordinal);
        Assert.Equal(LockedHeaders().Count, Restored().Length);
    }

    [Fact]
    public async Task A_given_folder_without_one_of_the_headers_is_refused_and_the_header_named()
    {
        List<string> options = Prepare();
        File.Delete(_root.PathOf("given", "nvidia-cuda-dev", "cuda.h"));

        ChildResult result = await RestoreAsync(options);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cuda.h does not exist or is unreadable", result.Error, StringComparison.Ordinal);
        Assert.Contains("--cuda-include", result.Error, StringComparison.Ordinal);
        Assert.Empty(Restored());
    }

    [Theory]
    [InlineData("--nonsense: this option is not known", "--nonsense")]
    [InlineData("--cuda-include /nowhere: this folder does not exist", "--cuda-include", "/nowhere")]
    [InlineData("--cuda-include needs a folder", "--cuda-include")]
    public async Task A_wrong_option_is_named(string sentence, params string[] options)
    {
        Prepare();
        ChildResult result = await RestoreAsync(options);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("native-headers/restore: " + sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    // The script and its lock in a root of their own, and the headers in folders like a user's.
    private List<string> Prepare()
    {
        string restored = Repository.PathOf("artifacts", "native-headers");
        Requirement.That(
            Directory.Exists(restored) && LockedHeaders().All(header =>
                File.Exists(Path.Combine(restored, header.Package, header.Path))),
            "the locked headers are not there: run native-headers/restore");
        Directory.CreateDirectory(_root.PathOf("native-headers"));
        foreach (string name in new[] { "restore", "headers.lock" })
        {
            File.Copy(Repository.PathOf("native-headers", name), _root.PathOf("native-headers", name));
        }
        foreach ((string package, string path) in LockedHeaders())
        {
            string given = _root.PathOf("given", package, path["usr/include/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(given)!);
            File.Copy(Path.Combine(restored, package, path), given);
        }
        return [.. s_options.SelectMany(option => new[] { option.Value, _root.PathOf("given", option.Key) })];
    }

    private Task<ChildResult> RestoreAsync(IEnumerable<string> options) =>
        ChildProcess.RunAsync("bash", [_root.PathOf("native-headers", "restore"), .. options]);

    private string[] Restored()
    {
        string folder = _root.PathOf("artifacts", "native-headers");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
    }

    private static List<(string Package, string Path)> LockedHeaders() =>
    [
        .. File.ReadAllLines(Repository.PathOf("native-headers", "headers.lock"))
            .Select(line => line.Split(' '))
            .Where(words => words[0] == "header")
            .Select(words => (words[1], words[2])),
    ];
}
