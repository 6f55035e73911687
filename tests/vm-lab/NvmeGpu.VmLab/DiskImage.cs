using System;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>The image of drive A: the pattern from its seed, made once.</summary>
internal static class DiskImage
{
    public const string Serial = "A";

    public const ulong Seed = 0xA512_0000_0000_0001;

    public const long LengthBytes = 32L << 20;

    private const int PieceBytes = 1 << 20;

    /// <summary>Makes the image if it is not there, and returns its path.</summary>
    public static string Prepare()
    {
        string path = Path.Join(LabPaths.Artifacts, $"pattern-{Seed:x}-{LengthBytes >> 20}M.raw");
        if (new FileInfo(path) is { Exists: true, Length: LengthBytes })
        {
            return path;
        }
        Directory.CreateDirectory(LabPaths.Artifacts);
        string temporary = $"{path}.{Environment.ProcessId}";
        using (FileStream file = File.Create(temporary))
        {
            byte[] piece = new byte[PieceBytes];
            for (long at = 0; at < LengthBytes; at += PieceBytes)
            {
                DiskPattern.Fill(piece, at, Seed);
                file.Write(piece);
            }
        }
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
