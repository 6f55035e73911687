using System;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>
/// A folder of its own for one guest, removed at the end. Below the system's folder for temporary files,
/// because the path of a socket has at most 107 bytes.
/// </summary>
internal sealed class GuestFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("nvmegpu-lab-").FullName;

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

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
