using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

public class IngestSourceTests
{
    [Fact]
    public void A_directory_is_walked_in_order_files_first_and_only_regular_files_count()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["b", "a", "z/2", "z/1", "c/x/deep", "c/k"];
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(name))!);
            File.WriteAllText(folder.PathOf(name), name);
        }
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("a"));
        Directory.CreateSymbolicLink(folder.PathOf("loop"), folder.FullPath);
        using (Process mkfifo = Process.Start("mkfifo", [folder.PathOf("fifo")]))
        {
            mkfifo.WaitForExit();
        }

        Assert.Equal(
            ["a", "b", "c/k", "c/x/deep", "z/1", "z/2"],
            IngestSource.Directory(folder.FullPath)
                .Select(item => Path.GetRelativePath(folder.FullPath, item.Path)));
    }

    [Fact]
    public void A_directory_that_cannot_be_read_is_an_exception_or_reported()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.PathOf("missing");
        Assert.Equal(
            missing, Assert.Throws<IngestException>(() => IngestSource.Directory(missing).Count()).Path);

        List<IngestException> reported = [];
        Assert.Empty(IngestSource.Directory(missing, reported.Add));
        Assert.Contains("no such directory", Assert.Single(reported).Reason);
    }
}
