using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tidy;

/// <summary>What git has of this repository, or would take: read once.</summary>
public sealed class Tree : IAsyncLifetime
{
    /// <summary>Every path, sorted; links and folders of others are not in it.</summary>
    public IReadOnlyList<string> Paths { get; private set; } = [];

    public IReadOnlyList<TextFile> Files { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        ChildResult list = await ChildProcess.RunAsync(
            "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], Repository.Root);
        Assert.True(list.ExitCode == 0, list.All);
        Paths =
        [
            .. list.Output.TrimEnd('\n').Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(path => File.Exists(Repository.PathOf(path))).Distinct().Order(StringComparer.Ordinal),
        ];
        Files = [.. Paths.Select(path => TextFile.Read(Repository.Root, path)).OfType<TextFile>()];
    }

    public ValueTask DisposeAsync() => default;
}
