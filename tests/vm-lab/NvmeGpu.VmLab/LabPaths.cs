using System;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>Where things are in the checkout that this program was built in.</summary>
internal static class LabPaths
{
    public static string Root { get; } = FindRoot();

    /// <summary>What the lab fetches and makes; may be deleted at any time.</summary>
    public static string Artifacts { get; } = Path.Join(Root, "artifacts", "vm-lab");

    /// <summary>What stays of a scenario's last run: console and results.</summary>
    public static string Logs { get; } = Path.Join(Artifacts, "logs");

    public static string In(params ReadOnlySpan<string?> parts) => Path.Join([Root, .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder =
            folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "NvmeGpu.sln")))
            {
                return folder.FullName;
            }
        }
        throw new LabException(
            $"there is no NvmeGpu.sln above {AppContext.BaseDirectory}: run it from a checkout.");
    }
}
