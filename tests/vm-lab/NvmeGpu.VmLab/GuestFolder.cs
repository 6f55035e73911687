using System;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>
/// A folder of its own for one guest, removed at the end. Below the system's folder for temporary files,
/// because the path of a socket has at most 107 bytes.
/// </summary>
internal sealed class GuestFolder : IDisposable
{
    private const string Prefix = "nvmegpu-lab-";

    public GuestFolder()
    {
        RemoveOrphans();
        FullPath = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
    }

    public string FullPath { get; }

    public string Console => Path.Join(FullPath, "console");

    public string QmpSocket => Path.Join(FullPath, "qmp");

    public string Trace => Path.Join(FullPath, "trace");

    /// <summary>The lab's image, or a copy where the guest could change it.</summary>
    public string Image(LabParts parts, Scenario scenario)
    {
        if (!scenario.HasFaults)
        {
            return parts.Image;
        }
        string copy = Path.Join(FullPath, "image");
        File.Copy(parts.Image, copy, overwrite: true);
        return copy;
    }

    /// <summary>
    /// The lab's archive that the scenario needs, or a copy with what only this scenario has appended.
    /// </summary>
    public string Initramfs(LabParts parts, Scenario scenario)
    {
        string archiveOfPrograms =
            scenario.HasTool && parts.InitramfsWithTool is { } larger ? larger : parts.Initramfs;
        string[] further =
        [
            .. scenario.HasModules ? [parts.ModulesInitramfs[scenario.Kernel]] : Array.Empty<string>(),
            .. scenario.HasCReader ? [parts.CReaderInitramfs] : Array.Empty<string>(),
            .. scenario.HasDefragmenter ? [parts.DefragmenterInitramfs] : Array.Empty<string>(),
        ];
        if (further.Length == 0)
        {
            return archiveOfPrograms;
        }
        string path = Path.Join(FullPath, "initramfs");
        using FileStream whole = File.Create(path);
        foreach (string part in (string[])[archiveOfPrograms, .. further])
        {
            using FileStream archive = File.OpenRead(part);
            archive.CopyTo(whole);
            whole.SetLength((whole.Length + 3) & ~3L); // every archive begins at a multiple of 4
            whole.Position = whole.Length;
        }
        return path;
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);

    /// <summary>What programs have left that were killed. Their names have their process's number.</summary>
    private static void RemoveOrphans()
    {
        foreach (string path in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            string number = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(number, out int process) && !Directory.Exists($"/proc/{process}"))
            {
                try
                {
                    Directory.Delete(path, recursive: true);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Somebody else's, or somebody else has removed it just now.
                }
            }
        }
    }
}
