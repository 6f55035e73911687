using System;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Files of a real ext4 read past it: by commands, from where it says that their blocks are. Drive F has the
/// filesystem, see Ext4Image.cs.
/// </summary>
internal static class ExtentTests
{
    private const string Serial = "F";

    private const string MountPoint = "/mnt";

    private const int FileBytes = 1 << 20;

    private const int BlockBytes = 4096;

    public static void A_file_in_one_piece_read_by_its_extents_is_the_file(GuestContext context)
    {
        Mount();
        using SafeFileHandle file = File.OpenHandle($"{MountPoint}/whole");
        FileExtents extents = ReadAndCompare(context, file, FileBytes);
        Check.That(extents.Extents.Count <= 2, $"it is in {extents.Extents.Count} pieces.");
    }

    public static void A_file_in_many_pieces_read_by_its_extents_is_the_file(GuestContext context)
    {
        Mount();
        using SafeFileHandle file = WriteFragmented(context);
        FileExtents extents = ReadAndCompare(context, file, FileBytes);
        context.Report("extents.count", $"{extents.Extents.Count}");
        Check.That(extents.Extents.Count >= 8, $"it is in {extents.Extents.Count} pieces only.");
    }

    public static void A_sparse_file_is_refused_by_the_place_of_its_hole(GuestContext context)
    {
        Mount();
        using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Find(Serial).CharPath);
        using SafeFileHandle file = Create("sparse");
        byte[] block = new byte[BlockBytes];
        DiskPattern.Fill(block, 0, context.Settings.SeedOf(Serial));
        RandomAccess.Write(file, block, 0);
        RandomAccess.Write(file, block, 4 * BlockBytes);
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), $"a hole at byte {BlockBytes}");
        RandomAccess.SetLength(file, BlockBytes); // what is left has no hole
        Check.Equal((long)BlockBytes, FileExtents.Map(file, source).LengthBytes, "the file's length");
        RandomAccess.SetLength(file, 3 * BlockBytes);
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), "a hole from byte");
    }

    public static void A_file_on_another_filesystem_is_refused(GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Find("A").CharPath);
        string path = "/tmp/in-memory";
        File.WriteAllBytes(path, new byte[BlockBytes]);
        using (SafeFileHandle file = File.OpenHandle(path))
        {
            Check.Refused<NvmeException>(() => _ = FileExtents.Map(file, source), "no single drive");
        }
        Mount();
        using SafeFileHandle other = File.OpenHandle($"{MountPoint}/whole");
        Check.Refused<NvmeException>(() => _ = FileExtents.Map(other, source), "and not on the namespace");
    }

    public static void A_file_that_changes_during_the_read_is_noticed(GuestContext context)
    {
        Mount();
        (string Name, Action<SafeFileHandle> Change)[] changes =
        [
            ("appended to", file => RandomAccess.Write(file, new byte[BlockBytes], 16 * BlockBytes)),
            ("cut off", file => RandomAccess.SetLength(file, 15 * BlockBytes)),
            ("punched", file => PunchHole(file, 4 * BlockBytes, BlockBytes)),
            ("overwritten", file => RandomAccess.Write(file, new byte[BlockBytes], 0)),
        ];
        foreach ((string name, Action<SafeFileHandle> change) in changes)
        {
            using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Find(Serial).CharPath);
            using SafeFileHandle file = Create("changing");
            byte[] bytes = new byte[16 * BlockBytes];
            DiskPattern.Fill(bytes, 0, context.Settings.SeedOf(Serial));
            RandomAccess.Write(file, bytes, 0);
            FileExtents extents = FileExtents.Map(file, source);
            ReadByExtents(context, extents, 0, bytes.Length);
            Check.That(extents.IsUnchanged(), $"before it was {name} it already counts as changed.");
            change(file);
            Check.That(!extents.IsUnchanged(), $"nobody has noticed that the file was {name}.");
        }
    }

    private static FileExtents ReadAndCompare(GuestContext context, SafeFileHandle file, int lengthBytes)
    {
        using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Find(Serial).CharPath);
        FileExtents extents = FileExtents.Map(file, source);
        Check.Equal((long)lengthBytes, extents.LengthBytes, "the file's length");
        Check.Equal(
            (long)lengthBytes, extents.Extents.Sum(extent => extent.LengthBytes), "bytes of all extents");
        ReadByExtents(context, extents, 0, lengthBytes);
        Check.That(extents.IsUnchanged(), "nobody wrote, and it counts as changed.");
        return extents;
    }

    /// <summary>Every byte by commands, each checked against the pattern that the file was made of.</summary>
    private static void ReadByExtents(
        GuestContext context, FileExtents extents, long offsetBytes, long endBytes)
    {
        NvmeDrive drive = NvmeDrive.Find(Serial);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(64 << 10);
        using var reader = new CommandReader(drive, buffer, isRegistered: true);
        while (offsetBytes < endBytes)
        {
            FileExtent extent = extents.Find(offsetBytes);
            int lengthBytes = (int)Math.Min(extent.LengthBytes, buffer.LengthBytes);
            DeviceWords.Fill(buffer);
            Completion completion =
                reader.Read((long)extent.Lba * reader.Source.LbaBytes, lengthBytes);
            Check.That(
                completion.IsSuccess, $"{extent}: error {completion.Errno}, {completion.NvmeStatus}.");
            // SAFETY: the buffer is longer than the read, and nothing is in flight.
            unsafe
            {
                Check.PatternInDevice(
                    buffer.Address, lengthBytes, offsetBytes, context.Settings.SeedOf(Serial));
            }
            offsetBytes += lengthBytes;
        }
    }

    /// <summary>
    /// Fills the filesystem, then removes every second of its small files: only their places are left.
    /// </summary>
    private static SafeFileHandle WriteFragmented(GuestContext context)
    {
        using (SafeFileHandle rest = Create("rest"))
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
        string[] small = [.. Directory.GetFiles($"{MountPoint}/small").Order(StringComparer.Ordinal)];
        for (int i = 0; i < small.Length; i += 2)
        {
            File.Delete(small[i]);
        }
        Sync(); // blocks are free again when the journal has it
        SafeFileHandle file = Create("fragmented");
        byte[] bytes = new byte[FileBytes];
        DiskPattern.Fill(bytes, 0, context.Settings.SeedOf(Serial));
        RandomAccess.Write(file, bytes, 0);
        return file;
    }

    private static SafeFileHandle Create(string name) => File.OpenHandle(
        $"{MountPoint}/{name}", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);

    private static void Mount()
    {
        if (!Directory.Exists($"{MountPoint}/small"))
        {
            GuestInit.Mount("ext4", NvmeDrive.Find(Serial).BlockPath, MountPoint);
        }
    }

    private static void Sync()
    {
        const int SYS_sync = 162;
        // SAFETY: no argument.
        unsafe
        {
            _ = Libc.syscall(SYS_sync);
        }
    }

    private static void PunchHole(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        const int SYS_fallocate = 285;
        const int FALLOC_FL_KEEP_SIZE = 1;
        const int FALLOC_FL_PUNCH_HOLE = 2;
        // SAFETY: only numbers are passed.
        unsafe
        {
            nint result = Libc.syscall(
                SYS_fallocate, file.DangerousGetHandle(), FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE,
                (nint)offsetBytes, (nint)lengthBytes);
            int errno = Libc.errno;
            Check.That(result == 0, $"fallocate failed with {errno}.");
        }
    }
}
