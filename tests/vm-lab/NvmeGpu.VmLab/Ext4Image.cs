using System;
using System.Globalization;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>
/// The image of drive F: an ext4 filesystem with a file in one piece, and with many small ones. A guest that
/// fills what is left and removes every second of them has nothing but small holes.
/// </summary>
internal static class Ext4Image
{
    public const string Serial = "F";

    public const ulong Seed = 0xF400_0000_0000_0002;

    /// <summary>Length of the file in one piece.</summary>
    public const int FileBytes = 1 << 20;

    private const int SmallFiles = 400;

    private const int SmallFileBytes = 16 << 10;

    private const int ImageMegabytes = 24;

    public static string FilePath => Path.Join(LabPaths.Artifacts, $"ext4-{Seed:x}-{ImageMegabytes}M.raw");

    /// <summary>Makes the image if it is not there. Nobody needs to be root for it.</summary>
    /// <exception cref="LabException">mke2fs is not there, or fails.</exception>
    public static void Prepare()
    {
        if (File.Exists(FilePath))
        {
            return;
        }
        string work = $"{FilePath}.{Environment.ProcessId}";
        string root = $"{work}.d";
        string small = Path.Join(root, "small");
        Directory.CreateDirectory(small);
        try
        {
            byte[] bytes = new byte[FileBytes];
            DiskPattern.Fill(bytes, 0, Seed);
            File.WriteAllBytes(Path.Join(root, "whole"), bytes);
            for (int i = 0; i < SmallFiles; i++)
            {
                string name = Path.Join(small, i.ToString("d4", CultureInfo.InvariantCulture));
                File.WriteAllBytes(name, bytes.AsSpan(0, SmallFileBytes));
            }
            HostProgram.Run(
                "/sbin/mke2fs", "e2fsprogs",
                ["-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0", "-d", root, work, $"{ImageMegabytes}M"]);
            File.Move(work, FilePath, overwrite: true);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
