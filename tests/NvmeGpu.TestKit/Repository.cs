using System;
using System.IO;

namespace NvmeGpu.TestKit;

/// <summary>Where the repository is, seen from a test assembly below its artifacts folder.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder =
            folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NvmeGpu.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException(
            $"No NvmeGpu.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
