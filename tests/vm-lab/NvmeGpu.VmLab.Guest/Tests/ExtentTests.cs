using System;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Files of a real ext4 read past it: by commands, from where it says that their blocks are. Drive F has the
/// filesystem, see Ext4Image.cs.
/// </summary>
internal static class ExtentTests
{
    private const int FileBytes = 1 << 20;

    private const int BlockBytes = MountedDrive.BlockBytes;

    public static void A_file_in_one_piece_read_by_its_extents_is_the_file(GuestContext context)
    {
        MountedDrive drive = Mount(context);
        using SafeFileHandle file = File.OpenHandle($"{drive.Folder}/whole");
        FileExtents extents = drive.ReadAndCompare(file, FileBytes);
        Check.That(extents.Extents.Count <= 2, $"it is in {extents.Extents.Count} pieces.");
    }

    public static void A_file_in_many_pieces_read_by_its_extents_is_the_file(GuestContext context)
    {
        MountedDrive drive = Mount(context);
        using SafeFileHandle file = WriteFragmented(drive);
        FileExtents extents = drive.ReadAndCompare(file, FileBytes);
        context.Report("extents.count", $"{extents.Extents.Count}");
        Check.That(extents.Extents.Count >= 8, $"it is in {extents.Extents.Count} pieces only.");
    }

    public static void A_sparse_file_is_refused_by_the_place_of_its_hole(GuestContext context) =>
        RefuseSparse(Mount(context));

    public static void A_file_on_another_filesystem_is_refused(GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Find("A").CharPath);
        string path = "/tmp/in-memory";
        File.WriteAllBytes(path, new byte[BlockBytes]);
        using (SafeFileHandle file = File.OpenHandle(path))
        {
            Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), "no single drive");
        }
        using SafeFileHandle other = File.OpenHandle($"{Mount(context).Folder}/whole");
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(other, source), "and not on the namespace");
    }

    public static void A_file_that_changes_during_the_read_is_noticed(GuestContext context) =>
        NoticeChanges(Mount(context));

    public static void Blocks_kept_beyond_the_end_are_no_part_of_the_file(GuestContext context)
    {
        MountedDrive drive = Mount(context);
        using SafeFileHandle file = drive.CreatePattern("kept", 4 * BlockBytes);
        Check.That(
            FileCalls.TryAllocate(file, 4 * BlockBytes, 8 * BlockBytes, keepLength: true), "no room.");
        using NvmeNamespace source = drive.OpenSource();
        drive.ReadPattern(FileExtents.Map(file, source), 4 * BlockBytes);
    }

    /// <summary>Holes between blocks and at the end.</summary>
    internal static void RefuseSparse(MountedDrive drive)
    {
        using NvmeNamespace source = drive.OpenSource();
        using SafeFileHandle file = drive.CreatePattern("sparse", BlockBytes);
        drive.WritePattern(file, 4 * BlockBytes, BlockBytes);
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), $"a hole at byte {BlockBytes}");
        RandomAccess.SetLength(file, BlockBytes); // what is left has no hole
        Check.Equal((long)BlockBytes, FileExtents.Map(file, source).LengthBytes, "the file's length");
        RandomAccess.SetLength(file, 3 * BlockBytes);
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), "a hole from byte");
    }

    /// <summary>Everything that can happen to a file between mapping it and asking again.</summary>
    internal static void NoticeChanges(MountedDrive drive)
    {
        (string Name, Action<SafeFileHandle> Change)[] changes =
        [
            ("appended to", file => RandomAccess.Write(file, new byte[BlockBytes], 16 * BlockBytes)),
            ("cut off", file => RandomAccess.SetLength(file, 15 * BlockBytes)),
            ("punched", file => FileCalls.PunchHole(file, 4 * BlockBytes, BlockBytes)),
            ("overwritten", file => RandomAccess.Write(file, new byte[BlockBytes], 0)),
        ];
        foreach ((string name, Action<SafeFileHandle> change) in changes)
        {
            using NvmeNamespace source = drive.OpenSource();
            using SafeFileHandle file = drive.CreatePattern("changing", 16 * BlockBytes);
            FileExtents extents = FileExtents.Map(file, source);
            drive.ReadPattern(extents, 16 * BlockBytes);
            Check.That(extents.IsUnchanged(), $"before it was {name} it already counts as changed.");
            change(file);
            Check.That(!extents.IsUnchanged(), $"nobody has noticed that the file was {name}.");
        }
    }

    private static MountedDrive Mount(GuestContext context) => MountedDrive.Mount(context, "F", "ext4");

    /// <summary>
    /// Fills the filesystem, then removes every second of its small files: only their places are left.
    /// </summary>
    private static SafeFileHandle WriteFragmented(MountedDrive drive)
    {
        using (SafeFileHandle rest = drive.Create("rest"))
        {
            byte[] piece = new byte[BlockBytes];
            try
            {
                for (long at = 0; ; at += piece.Length)
                {
                    RandomAccess.Write(rest, piece, at);
                }
            }
            catch (IOException)
            {
                RandomAccess.FlushToDisk(rest); // full
            }
        }
        string[] small = [.. Directory.GetFiles($"{drive.Folder}/small").Order(StringComparer.Ordinal)];
        for (int i = 0; i < small.Length; i += 2)
        {
            File.Delete(small[i]);
        }
        FileCalls.Sync(); // blocks are free again when the journal has it
        return drive.CreatePattern("fragmented", FileBytes);
    }
}
