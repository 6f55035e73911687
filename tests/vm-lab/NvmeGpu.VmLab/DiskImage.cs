using System;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>
/// The images of drive A's namespaces: the pattern from the namespace's seed, made once.
/// </summary>
internal static class DiskImage
{
    public const string Serial = "A";

    public const ulong Seed = 0xA512_0000_0000_0001;

    public const long LengthBytes = 32L << 20;

    private const int PieceBytes = 1 << 20;

    /// <summary>Makes the image of the first namespace if it is not there, and returns its path.</summary>
    public static string Prepare() => Prepare(Seed);

    /// <summary>The same of a further one.</summary>
    public static string Prepare(FurtherNamespace further) => Prepare(SeedOf(further));

    public static ulong SeedOf(FurtherNamespace further) => Seed + ((ulong)further.Id << 32);

    private static string Prepare(ulong seed)
    {
        string path = Path.Join(LabPaths.Artifacts, $"pattern-{seed:x}-{LengthBytes >> 20}M.raw");
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
                DiskPattern.Fill(piece, at, seed);
                file.Write(piece);
            }
        }
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
