using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Files of filesystems through the ingest driver: by commands to where their blocks are, and by ordinary
/// reads into the memory of another controller.
/// </summary>
internal static class IngestFileTests
{
    private const string Serial = "F";

    private const int BlockBytes = MountedDrive.BlockBytes;

    private const int SlotBytes = 64 << 10;

    public static void The_driver_reads_files_by_their_extents(GuestContext context) =>
        ReadAll(context, Options(NativeReadPath.GpuDirectNvmePassthrough, null));

    public static void The_driver_reads_files_by_their_extents_into_the_memory_of_another_controller(
        GuestContext context) =>
        ReadAll(context, Options(NativeReadPath.GpuDirectNvmePassthrough, PeerOf(context)));

    public static void The_driver_reads_files_of_a_filesystem_into_the_memory_of_another_controller(
        GuestContext context) =>
        ReadAll(context, Options(NativeReadPath.PeerDirectFileRead, PeerOf(context)));

    /// <summary>
    /// Whoever moves or writes a file between the look at its extents and the publication of a slot is
    /// noticed; other files are read on.
    /// </summary>
    public static void A_file_that_changes_while_the_driver_reads_it_by_its_extents_fails(
        GuestContext context) => NoticeChanges(context, Mount(context));

    public static void A_file_on_xfs_that_changes_while_the_driver_reads_it_fails(GuestContext context) =>
        NoticeChanges(context, FilesystemTests.MountXfs(context));

    /// <summary>
    /// What was published before the hole is right, and nothing is published after it.
    /// </summary>
    public static void A_hole_punched_while_the_driver_reads_ends_the_file(GuestContext context) =>
        PunchMeanwhile(context, FilesystemTests.MountPartition(context));

    public static void A_hole_punched_on_xfs_while_the_driver_reads_ends_the_file(GuestContext context) =>
        PunchMeanwhile(context, FilesystemTests.MountXfs(context));

    /// <summary>
    /// Among them files that share their blocks with another one, all or some, and one with blocks kept
    /// beyond its end.
    /// </summary>
    public static void The_driver_reads_files_of_xfs_by_their_extents(GuestContext context)
    {
        MountedDrive drive = FilesystemTests.MountXfs(context);
        const int LengthBytes = (3 * SlotBytes) + 8;
        using (SafeFileHandle origin = drive.CreatePattern("origin", LengthBytes))
        using (SafeFileHandle twin = drive.Create("twin"))
        using (SafeFileHandle half = drive.Create("half"))
        using (SafeFileHandle kept = drive.CreatePattern("kept", LengthBytes))
        using (NvmeNamespace source = drive.OpenSource())
        {
            FileCalls.Clone(origin, twin);
            Check.That(
                FileExtents.Map(origin, source).Extents.SequenceEqual(
                    FileExtents.Map(twin, source).Extents),
                "the two files do not share their blocks.");
            // The last file has others' bytes in the middle, until it gets blocks of its own there.
            RandomAccess.Write(origin, new byte[5 * BlockBytes], 7 * BlockBytes);
            FileCalls.Clone(origin, half);
            drive.WritePattern(half, 7 * BlockBytes, 5 * BlockBytes);
            drive.WritePattern(origin, 7 * BlockBytes, 5 * BlockBytes);
            Check.That(
                FileCalls.TryAllocate(kept, LengthBytes, 16 * BlockBytes, keepLength: true),
                "there is no room.");
        }
        drive.CreateInPieces("pieces", 64).Dispose();
        ReadAll(
            context, drive, Options(NativeReadPath.GpuDirectNvmePassthrough, null),
            [
                Write(drive, "empty", 0), Write(drive, "block", BlockBytes), $"{drive.Folder}/origin",
                $"{drive.Folder}/twin", $"{drive.Folder}/half", $"{drive.Folder}/kept",
                $"{drive.Folder}/pieces",
            ]);
    }

    /// <summary>
    /// The program that people run makes one piece of a file's many while the driver reads it, and other
    /// bytes come to where the file was.
    /// </summary>
    public static void A_file_that_e4defrag_moves_while_the_driver_reads_it_fails(GuestContext context)
    {
        const int Blocks = 128;
        MountedDrive drive = FilesystemTests.MountPartition(context);
        string path = $"{drive.Folder}/defragmented";
        using SafeFileHandle file = drive.CreateInPieces("defragmented", Blocks);
        ExtentRaceTests.LeaveLittleRoom(drive);
        int before = Pieces(drive, file);
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
            Options(NativeReadPath.GpuDirectNvmePassthrough, null) with { SlotCount = 2 });
        _ = driver.SubmitFile(path);
        List<CompletedIngest> all = Poll(context, drive, driver, [], onSlot: one =>
        {
            if (one.OffsetBytes == SlotBytes)
            {
                Defragment(path);
                ExtentRaceTests.UseFreeBlocks(drive);
            }
        });
        int after = Pieces(drive, file);
        context.Report("e4defrag.pieces", $"{before} before, {after} after");
        Check.That(after * 4 < before, $"e4defrag has moved nothing: {before} pieces, then {after}.");
        Check.That(
            all[^1].Error is IngestException e
                && e.Reason.StartsWith("ExtentsChanged", StringComparison.Ordinal),
            $"it ended with {all[^1]}");
        Check.That(all.Count > 2, "no slot was published before e4defrag.");
        all = Poll(context, drive, driver, [path]);
        Check.Equal((long)Blocks * BlockBytes, all.Sum(one => (long)one.ByteCount), "bytes where it is now");
        File.Delete($"{drive.Folder}/rest");
    }

    private static void Defragment(string path)
    {
        // It looks there for the filesystem that a file is on.
        const string Mounts = "/etc/mtab";
        if (!File.Exists(Mounts))
        {
            Directory.CreateDirectory("/etc");
            File.CreateSymbolicLink(Mounts, "/proc/mounts");
        }
        using Process program = Process.Start(new ProcessStartInfo("/e4defrag", [path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = program.StandardOutput.ReadToEnd() + program.StandardError.ReadToEnd();
        program.WaitForExit();
        Check.Equal(0, program.ExitCode, $"exit code of e4defrag, which says {output}");
    }

    private static int Pieces(MountedDrive drive, SafeFileHandle file)
    {
        using NvmeNamespace source = drive.OpenSource();
        return FileExtents.Map(file, source).Extents.Count;
    }

    private static void NoticeChanges(GuestContext context, MountedDrive drive)
    {
        Write(drive, "untouched", 3 * BlockBytes);
        (string Name, Action<SafeFileHandle> Change)[] changes =
        [
            ("appended to", file => RandomAccess.Write(file, new byte[BlockBytes], 16 * BlockBytes)),
            ("cut off", file => RandomAccess.SetLength(file, 15 * BlockBytes)),
            ("overwritten", file => RandomAccess.Write(file, new byte[BlockBytes], 0)),
        ];
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options(NativeReadPath.GpuDirectNvmePassthrough, null));
        foreach ((string name, Action<SafeFileHandle> change) in changes)
        {
            string path = Write(drive, "changing", 16 * BlockBytes);
            _ = driver.SubmitFile(path);
            using (SafeFileHandle file = File.OpenHandle(path, access: FileAccess.ReadWrite))
            {
                change(file);
            }
            List<CompletedIngest> all = Poll(context, drive, driver, []);
            Check.Equal(1, all.Count, $"reports of the file that was {name}");
            Check.That(
                all[0].Error is IngestException e
                    && e.Reason.StartsWith("ExtentsChanged", StringComparison.Ordinal),
                $"{name}: {all[0]}");
        }
        List<CompletedIngest> good = Poll(context, drive, driver, [$"{drive.Folder}/untouched"]);
        Check.That(good.All(one => one.Status == IngestStatus.Published), $"{good[^1].Error}");
        Check.Equal(changes.Length, driver.Telemetry.SourcesFailed, "sources that failed");
        Check.Equal(
            driver.Telemetry.SlotsPublished, driver.Telemetry.SlotsConsumed, "slots that came back");
    }

    private static void PunchMeanwhile(GuestContext context, MountedDrive drive)
    {
        const int Slots = 32;
        string path = Write(drive, "punched", Slots * SlotBytes);
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options(NativeReadPath.GpuDirectNvmePassthrough, null));
        _ = driver.SubmitFile(path);
        bool isPunched = false;
        List<CompletedIngest> all = Poll(context, drive, driver, [], onSlot: one =>
        {
            if (one.OffsetBytes == 4 * SlotBytes)
            {
                using SafeFileHandle file = File.OpenHandle(path, access: FileAccess.ReadWrite);
                FileCalls.PunchHole(file, Slots / 2 * SlotBytes, SlotBytes);
                isPunched = true;
            }
        });
        Check.That(isPunched, "the fifth slot was not published.");
        Check.That(
            all[^1].Error is IngestException e
                && e.Reason.StartsWith("ExtentsChanged", StringComparison.Ordinal),
            $"it ended with {all[^1]}");
        File.Delete(path);
        Check.That(all.Count - 1 <= 5 + driver.SlotCount, $"{all.Count} reports, and a hole after five.");
    }

    public static void Files_that_have_no_trustworthy_extents_are_refused_by_the_driver(
        GuestContext context) => RefuseUntrustworthy(context, Mount(context));

    public static void Files_of_xfs_without_trustworthy_extents_are_refused_by_the_driver(
        GuestContext context) => RefuseUntrustworthy(context, FilesystemTests.MountXfs(context));

    private static void RefuseUntrustworthy(GuestContext context, MountedDrive drive)
    {
        string unwritten = $"{drive.Folder}/unwritten";
        using (SafeFileHandle file = drive.CreatePattern("unwritten", BlockBytes))
        {
            Check.That(FileCalls.TryAllocate(file, BlockBytes, 4 * BlockBytes), "there is no room.");
        }
        string sparse = Write(drive, "sparse", BlockBytes);
        using (SafeFileHandle file = File.OpenHandle(sparse, access: FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, 4 * BlockBytes);
        }
        string inMemory = "/tmp/of-no-drive";
        File.WriteAllBytes(inMemory, new byte[BlockBytes]);
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options(NativeReadPath.GpuDirectNvmePassthrough, null));
        Check.Refused<IngestException>(() => driver.SubmitFile(sparse), "a hole from byte 4096");
        Check.Refused<IngestException>(() => driver.SubmitFile(unwritten), "blocks that were never written");
        Check.Refused<IngestException>(() => driver.SubmitFile(inMemory), "no single local drive");
        Check.Refused<IngestException>(() => driver.SubmitFile(context.Data.BlockPath), "no regular file");
        Check.That(driver.IsIdle, "something was begun.");
    }

    private static void ReadAll(GuestContext context, IngestOptions options)
    {
        MountedDrive drive = Mount(context);
        drive.CreateInPieces("pieces", 64).Dispose();
        ReadAll(
            context, drive, options,
            [
                $"{drive.Folder}/whole", Write(drive, "empty", 0), Write(drive, "odd", (3 * SlotBytes) + 8),
                Write(drive, "block", BlockBytes), $"{drive.Folder}/pieces",
                .. Directory.GetFiles($"{drive.Folder}/small").Order(StringComparer.Ordinal).Take(40),
            ]);
    }

    private static void ReadAll(
        GuestContext context, MountedDrive drive, IngestOptions options, string[] paths)
    {
        int before = OpenFiles();
        using (NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(options))
        {
            List<CompletedIngest> all = Poll(context, drive, driver, paths);
            CompletedIngest? failed = all.FirstOrDefault(one => one.Status != IngestStatus.Published);
            Check.That(failed?.Path is null, $"{failed?.Error}");
            Check.Equal(
                paths.Sum(path => new FileInfo(path).Length), all.Sum(one => (long)one.ByteCount),
                "bytes of the files");
            Check.Equal(paths.Length, driver.Telemetry.SourcesCompleted, "files");
            driver.Telemetry.ValidateCompletedZeroCopy();
        }
        Check.Equal(before, OpenFiles(), "open files afterwards");
    }

    private static NvmeCmbProvider PeerOf(GuestContext context) =>
        new(Path.GetFileName(context.Peer.PciFunction()));

    private static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static IngestOptions Options(NativeReadPath path, IPeerMemoryProvider? memory) => new()
    {
        ReadPath = path,
        Memory = memory,
        SlotCount = 8,
        SlotSizeBytes = SlotBytes,
    };

    private static string Write(MountedDrive drive, string name, int lengthBytes)
    {
        drive.CreatePattern(name, lengthBytes).Dispose();
        return $"{drive.Folder}/{name}";
    }

    private static MountedDrive Mount(GuestContext context) =>
        MountedDrive.Mount(context, Serial, "ext4");

    /// <summary>Submits as there is room, checks all bytes that are published, frees all slots.</summary>
    private static List<CompletedIngest> Poll(
        GuestContext context, MountedDrive drive, NvmeGpuIngestDriver driver, IEnumerable<string> paths,
        Action<CompletedIngest>? onSlot = null)
    {
        var left = new Queue<string>(paths);
        List<CompletedIngest> all = [];
        var completed = new CompletedIngest[8];
        while (left.Count > 0 || !driver.IsIdle)
        {
            while (driver.CanSubmit && left.TryDequeue(out string? path))
            {
                _ = driver.SubmitFile(path);
            }
            int count = driver.PollCompletions(completed);
            foreach (CompletedIngest one in completed.AsSpan(0, count))
            {
                all.Add(one);
                if (one.Status == IngestStatus.Published)
                {
                    Check.Pattern(
                        driver.BytesOf(one.Slot), one.OffsetBytes, context.Settings.SeedOf(drive.Serial));
                    onSlot?.Invoke(one);
                    driver.Release(one.Slot);
                }
            }
            if (count == 0)
            {
                _ = driver.WaitForProgress(TimeSpan.FromSeconds(1));
            }
        }
        return all;
    }
}
