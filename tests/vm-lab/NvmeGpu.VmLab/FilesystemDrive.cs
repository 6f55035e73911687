using System;
using System.IO;

namespace NvmeGpu.VmLab;

/// <summary>
/// A drive whose image has an empty filesystem: guests write the files, because only its own driver lays them
/// out as it does.
/// </summary>
/// <param name="Serial">Of its controller.</param>
/// <param name="Program">Makes the filesystem; nobody needs to be root for it.</param>
/// <param name="Package">Where the program is from.</param>
/// <param name="Arguments">Before the image's path.</param>
/// <param name="FurtherArguments">Behind it.</param>
/// <param name="Megabytes">Length of the image, which is sparse.</param>
internal sealed record FilesystemDrive(
    string Serial, string Program, string Package, string[] Arguments, string[] FurtherArguments,
    int Megabytes)
{
    /// <summary>From which the guest makes the files' contents.</summary>
    public const ulong Seed = 0xF500_0000_0000_0003;

    /// <summary>xfs on the whole drive. mkfs.xfs makes none below 300 MB.</summary>
    public static FilesystemDrive Xfs { get; } =
        new("X", "/sbin/mkfs.xfs", "xfsprogs", ["-q", "-K"], [], 320);

    /// <summary>ext4 on the first partition of a drive with an MBR.</summary>
    public static FilesystemDrive Ext4Partition { get; } = new(
        "P", "/sbin/mke2fs", "e2fsprogs",
        ["-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0", "-E", $"offset={PartitionStartBytes}"],
        [$"{PartitionMegabytes}M"], PartitionMegabytes + 2)
    {
        HasPartition = true,
    };

    /// <summary>btrfs, whose extents are places in its own address space.</summary>
    public static FilesystemDrive Btrfs { get; } =
        new("T", "/sbin/mkfs.btrfs", "btrfs-progs", ["-q", "-K"], [], 128);

    /// <summary>Where the partition begins: not where the drive does, and no power of two.</summary>
    public const long PartitionStartBytes = (1 << 20) + (12 << 10);

    private const int PartitionMegabytes = 160;

    /// <summary>The filesystem stands on the first partition.</summary>
    public bool HasPartition { get; private init; }

    public string FilePath =>
        Path.Join(LabPaths.Artifacts, $"drive-{Serial}-{Seed:x}-{Megabytes}M.raw");

    /// <summary>Makes the image if it is not there.</summary>
    /// <exception cref="LabException">The program is not there, or fails.</exception>
    public void Prepare()
    {
        if (File.Exists(FilePath))
        {
            return;
        }
        Directory.CreateDirectory(LabPaths.Artifacts);
        string work = $"{FilePath}.{Environment.ProcessId}";
        using (FileStream image = File.Create(work))
        {
            image.SetLength((long)Megabytes << 20);
            if (HasPartition)
            {
                WritePartitionTable(image);
            }
        }
        HostProgram.Run(Program, Package, [.. Arguments, work, .. FurtherArguments]);
        File.Move(work, FilePath, overwrite: true);
    }

    /// <summary>
    /// A master boot record with one Linux partition: its entry is at 446 (active, place in cylinders, type,
    /// again cylinders, first sector, sectors), and the mark 55 AA ends the sector.
    /// </summary>
    private static void WritePartitionTable(FileStream image)
    {
        const int SectorBytes = 512;
        const int EntryAt = 446;
        const byte LinuxType = 0x83;
        byte[] sector = new byte[SectorBytes];
        sector[EntryAt + 4] = LinuxType;
        BitConverter.TryWriteBytes(sector.AsSpan(EntryAt + 8), (uint)(PartitionStartBytes / SectorBytes));
        BitConverter.TryWriteBytes(
            sector.AsSpan(EntryAt + 12), (uint)(((long)PartitionMegabytes << 20) / SectorBytes));
        (sector[^2], sector[^1]) = (0x55, 0xAA);
        image.Write(sector);
    }
}
