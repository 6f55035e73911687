using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Files of drive F's filesystem through the ingest driver: by commands to where their blocks are, and by
/// ordinary reads into the memory of another controller.
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
        GuestContext context)
    {
        MountedDrive drive = Mount(context);
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
            List<CompletedIngest> all = Poll(context, driver, []);
            Check.Equal(1, all.Count, $"reports of the file that was {name}");
            Check.That(
                all[0].Error is IngestException e
                    && e.Reason.StartsWith("ExtentsChanged", StringComparison.Ordinal),
                $"{name}: {all[0]}");
        }
        List<CompletedIngest> good = Poll(context, driver, [$"{drive.Folder}/whole"]);
        Check.That(good.All(one => one.Status == IngestStatus.Published), $"{good[^1].Error}");
        Check.Equal(changes.Length, driver.Telemetry.SourcesFailed, "sources that failed");
        Check.Equal(
            driver.Telemetry.SlotsPublished, driver.Telemetry.SlotsConsumed, "slots that came back");
    }

    public static void Files_that_have_no_trustworthy_extents_are_refused_by_the_driver(GuestContext context)
    {
        string sparse = Write(Mount(context), "sparse", BlockBytes);
        using (SafeFileHandle file = File.OpenHandle(sparse, access: FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, 4 * BlockBytes);
        }
        string inMemory = "/tmp/of-no-drive";
        File.WriteAllBytes(inMemory, new byte[BlockBytes]);
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options(NativeReadPath.GpuDirectNvmePassthrough, null));
        Check.Refused<IngestException>(() => driver.SubmitFile(sparse), "a hole from byte 4096");
        Check.Refused<IngestException>(() => driver.SubmitFile(inMemory), "no single local drive");
        Check.Refused<IngestException>(() => driver.SubmitFile(context.Data.BlockPath), "no regular file");
        Check.That(driver.IsIdle, "something was begun.");
    }

    private static void ReadAll(GuestContext context, IngestOptions options)
    {
        MountedDrive drive = Mount(context);
        drive.CreateInPieces("pieces", 64).Dispose();
        string[] paths =
        [
            $"{drive.Folder}/whole",
            Write(drive, "empty", 0),
            Write(drive, "odd", (3 * SlotBytes) + 8),
            Write(drive, "block", BlockBytes),
            $"{drive.Folder}/pieces",
            .. Directory.GetFiles($"{drive.Folder}/small").Order(StringComparer.Ordinal).Take(40),
        ];
        int before = OpenFiles();
        using (NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(options))
        {
            List<CompletedIngest> all = Poll(context, driver, paths);
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
        GuestContext context, NvmeGpuIngestDriver driver, IEnumerable<string> paths)
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
                        driver.BytesOf(one.Slot), one.OffsetBytes, context.Settings.SeedOf(Serial));
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
