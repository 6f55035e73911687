using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Files of other filesystems than an ext4 that has the whole drive. FilesystemDrive.cs says what is where.
/// </summary>
internal static class FilesystemTests
{
    private const int FileBytes = 1 << 20;

    private const int BlockBytes = MountedDrive.BlockBytes;

    public static void A_file_in_one_piece_on_xfs_is_the_file(GuestContext context)
    {
        MountedDrive drive = MountXfs(context);
        using SafeFileHandle file = drive.CreatePattern("whole", FileBytes);
        FileExtents extents = drive.ReadAndCompare(file, FileBytes);
        Check.That(extents.Extents.Count <= 2, $"it is in {extents.Extents.Count} pieces.");
    }

    public static void A_file_in_many_pieces_on_xfs_is_the_file(GuestContext context)
    {
        const int Pieces = FileBytes / BlockBytes;
        MountedDrive drive = MountXfs(context);
        using SafeFileHandle file = drive.CreateInPieces("fragmented", Pieces);
        FileExtents extents = drive.ReadAndCompare(file, FileBytes);
        context.Report("extents.xfs", $"{extents.Extents.Count}");
        Check.That(
            extents.Extents.Count >= Pieces / 2, $"it is in {extents.Extents.Count} pieces only.");
    }

    public static void A_sparse_file_on_xfs_is_refused_by_the_place_of_its_hole(GuestContext context) =>
        ExtentTests.RefuseSparse(MountXfs(context));

    public static void A_file_on_xfs_that_changes_during_the_read_is_noticed(GuestContext context) =>
        ExtentTests.NoticeChanges(MountXfs(context));

    public static void A_file_on_a_partition_is_found_behind_its_start(GuestContext context)
    {
        ulong startLba = ulong.Parse(context.Settings.Get("partition.bytes"), CultureInfo.InvariantCulture)
            / (ulong)NvmeDrive.Find("P").BlockBytes;
        MountedDrive drive = MountPartition(context);
        using SafeFileHandle file = drive.CreatePattern("whole", FileBytes);
        FileExtents extents = drive.ReadAndCompare(file, FileBytes);
        Check.That(
            extents.Extents.All(extent => extent.Lba >= startLba),
            $"an extent begins before the partition's first block {startLba}.");
    }

    public static void A_file_of_1000_extents_read_by_them_is_the_file(GuestContext context) =>
        ReadInPieces(context, 1000);

    public static void A_file_of_10000_extents_read_by_them_is_the_file(GuestContext context) =>
        ReadInPieces(context, 10_000);

    public static void A_file_on_overlayfs_is_refused(GuestContext context)
    {
        const string Merged = "/mnt/overlay";
        MountedDrive drive = MountXfs(context);
        KernelModule.Load("overlay");
        foreach (string folder in (string[])["lower", "upper", "work"])
        {
            Directory.CreateDirectory($"{drive.Folder}/{folder}");
        }
        using (drive.CreatePattern("lower/file", BlockBytes))
        {
            GuestInit.Mount(
                "overlay", "overlay", Merged,
                $"lowerdir={drive.Folder}/lower,upperdir={drive.Folder}/upper,workdir={drive.Folder}/work");
        }
        using NvmeNamespace source = drive.OpenSource();
        using SafeFileHandle file = File.OpenHandle($"{Merged}/file");
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), "no single drive");
    }

    public static void A_file_on_btrfs_is_refused(GuestContext context)
    {
        KernelModule.Load("btrfs");
        MountedDrive drive = MountedDrive.Mount(context, "T", "btrfs");
        using NvmeNamespace source = drive.OpenSource();
        using SafeFileHandle file = drive.CreatePattern("file", FileBytes);
        RandomAccess.FlushToDisk(file);
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), "no single drive");
    }

    internal static MountedDrive MountXfs(GuestContext context)
    {
        KernelModule.Load("xfs");
        return MountedDrive.Mount(context, "X", "xfs");
    }

    /// <summary>
    /// Without the blocks that an ext4 holds back for itself (Documentation/ABI/testing/sysfs-fs-ext4): what
    /// fills it then takes every block.
    /// </summary>
    internal static MountedDrive MountPartition(GuestContext context)
    {
        MountedDrive drive = MountedDrive.Mount(context, "P", "ext4", "p1");
        string name = Path.GetFileName(NvmeDrive.Find("P").BlockPath);
        File.WriteAllText($"/sys/fs/ext4/{name}p1/reserved_clusters", "0");
        return drive;
    }

    private static void ReadInPieces(GuestContext context, int pieces)
    {
        MountedDrive drive = MountPartition(context);
        int blocks = pieces + (pieces / 32); // some may happen to lie side by side
        using (SafeFileHandle file = drive.CreateInPieces("pieces", blocks))
        {
            FileExtents extents = drive.ReadAndCompare(file, blocks * BlockBytes);
            context.Report($"extents.{pieces}", $"{extents.Extents.Count}");
            Check.That(
                extents.Extents.Count >= pieces, $"it is in {extents.Extents.Count} pieces only.");
        }
        File.Delete($"{drive.Folder}/pieces");
    }
}
