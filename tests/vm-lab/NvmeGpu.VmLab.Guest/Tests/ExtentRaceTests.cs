using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Files that another thread changes while they are read by their extents, for some seconds: whatever counts
/// as unchanged is right. The file has its pattern at all times and no other byte; blocks that it gave back
/// get other bytes at once, so that a read from where it was is seen.
/// </summary>
internal static class ExtentRaceTests
{
    private const int BlockBytes = MountedDrive.BlockBytes;

    private const int FileBytes = 32 * BlockBytes;

    private const int HalfBytes = FileBytes / 2;

    private const int Donors = 8;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(2.5);

    /// <summary>On a busy machine reader and writer meet less often: so long until they have.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public static void A_file_that_grows_meanwhile_is_right_or_counts_as_changed(GuestContext context) =>
        Race(
            context, FilesystemTests.MountPartition(context), "grows", Grow, isReused: false);

    public static void A_file_that_is_cut_off_meanwhile_is_right_or_counts_as_changed(
        GuestContext context) =>
        Race(context, FilesystemTests.MountPartition(context), "cut", CutOff, isReused: true);

    public static void A_file_that_gets_a_hole_meanwhile_is_right_or_counts_as_changed(
        GuestContext context) =>
        Race(context, FilesystemTests.MountPartition(context), "hole", Punch, isReused: true);

    public static void A_file_that_is_moved_meanwhile_is_right_or_counts_as_changed(GuestContext context) =>
        Race(context, FilesystemTests.MountPartition(context), "moved", Move, isReused: true);

    public static void A_file_that_gets_a_hole_under_the_driver_is_right_or_counts_as_changed(
        GuestContext context) =>
        Race(
            context, FilesystemTests.MountPartition(context), "driver-hole", Punch, isReused: true,
            IngestMeanwhile);

    public static void A_file_that_is_moved_under_the_driver_is_right_or_counts_as_changed(
        GuestContext context) =>
        Race(
            context, FilesystemTests.MountPartition(context), "driver-moved", Move, isReused: true,
            IngestMeanwhile);

    public static void A_file_on_xfs_that_is_written_to_under_the_driver_is_right_or_counts_as_changed(
        GuestContext context)
    {
        MountedDrive drive = FilesystemTests.MountXfs(context);
        Race(context, drive, "driver-xfs-grows", Grow, isReused: false, IngestMeanwhile);
        Race(context, drive, "driver-xfs-cut", CutOff, isReused: false, IngestMeanwhile);
        Race(context, drive, "driver-xfs-hole", Punch, isReused: false, IngestMeanwhile);
    }

    public static void A_file_on_xfs_that_is_written_to_meanwhile_is_right_or_counts_as_changed(
        GuestContext context)
    {
        MountedDrive drive = FilesystemTests.MountXfs(context);
        // xfs keeps blocks to itself, so what is given back need not be what others get.
        Race(context, drive, "xfs-grows", Grow, isReused: false);
        Race(context, drive, "xfs-cut", CutOff, isReused: false);
        Race(context, drive, "xfs-hole", Punch, isReused: false);
    }

    /// <summary>What nobody can notice: ext4 changes no time of a file whose blocks it moves.</summary>
    public static void A_file_that_is_moved_is_noticed_until_it_is_moved_back(GuestContext context)
    {
        MountedDrive drive = FilesystemTests.MountPartition(context);
        using NvmeNamespace source = drive.OpenSource();
        using SafeFileHandle file = drive.CreatePattern("moved", FileBytes);
        using SafeFileHandle donor = drive.Create("donor");
        Check.That(FileCalls.TryAllocate(donor, 0, FileBytes), "there is no room for a donor.");
        FileExtents extents = FileExtents.Map(file, source);
        Check.Equal(0, FileCalls.MoveBlocks(file, donor, 0, FileBytes / BlockBytes), "error of the move");
        Check.That(!extents.IsUnchanged(), "nobody has noticed that the file was moved.");
        drive.ReadPattern(FileExtents.Map(file, source), FileBytes);
        Check.Equal(0, FileCalls.MoveBlocks(file, donor, 0, FileBytes / BlockBytes), "error of the way back");
        Check.That(extents.IsUnchanged(), "this kernel's ext4 changes the times of a file that it moves.");
        drive.ReadPattern(extents, FileBytes);
    }

    private static void Grow(MountedDrive drive, SafeFileHandle file, int round)
    {
        drive.WritePattern(file, FileBytes, 4 * BlockBytes);
        RandomAccess.SetLength(file, FileBytes);
    }

    private static void CutOff(MountedDrive drive, SafeFileHandle file, int round)
    {
        RandomAccess.SetLength(file, HalfBytes);
        UseFreeBlocks(drive);
        drive.WritePattern(file, HalfBytes, HalfBytes);
    }

    private static void Punch(MountedDrive drive, SafeFileHandle file, int round)
    {
        FileCalls.PunchHole(file, HalfBytes / 2, HalfBytes);
        UseFreeBlocks(drive);
        drive.WritePattern(file, HalfBytes / 2, HalfBytes);
    }

    // The donor has the old blocks afterwards, and what is written to it lies in them. Several donors in
    // turn, so that no file comes back during one read to where it was: that nobody can notice, see above.
    private static void Move(MountedDrive drive, SafeFileHandle file, int round)
    {
        const int EBUSY = 16;
        using SafeFileHandle donor = drive.Create($"donor{round % Donors}");
        Check.That(FileCalls.TryAllocate(donor, 0, FileBytes), "there is no room for a donor.");
        int errno = FileCalls.MoveBlocks(file, donor, 0, FileBytes / BlockBytes);
        Check.That(errno is 0 or EBUSY, $"the blocks could not be moved: error {errno}.");
        RandomAccess.Write(donor, Noise(FileBytes), 0);
        RandomAccess.FlushToDisk(donor);
    }

    /// <summary>
    /// Other bytes in all blocks that are free, those that a file just gave back among them.
    /// </summary>
    internal static void UseFreeBlocks(MountedDrive drive)
    {
        FileCalls.Sync(); // they are not free before
        using (SafeFileHandle noise = drive.Create("noise"))
        {
            byte[] bytes = Noise(BlockBytes);
            try
            {
                for (long at = 0; ; at += bytes.Length)
                {
                    RandomAccess.Write(noise, bytes, at);
                }
            }
            catch (IOException)
            {
                RandomAccess.FlushToDisk(noise); // full
            }
        }
        File.Delete($"{drive.Folder}/noise");
        FileCalls.Sync();
    }

    private static byte[] Noise(int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill(0xEE);
        return bytes;
    }

    private static void Race(
        GuestContext context, MountedDrive drive, string name,
        Action<MountedDrive, SafeFileHandle, int> change, bool isReused,
        Func<GuestContext, MountedDrive, SafeFileHandle, bool, Func<int>, RaceCounts>? read = null)
    {
        using SafeFileHandle file = drive.CreatePattern("racing", FileBytes);
        LeaveLittleRoom(drive);
        using var isOver = new ManualResetEventSlim();
        int changes = 0;
        Exception? failure = null;
        var writer = new Thread(() =>
        {
            var random = new Random(1);
            try
            {
                while (!isOver.Wait(random.Next(30)))
                {
                    change(drive, file, changes);
                    changes++;
                }
            }
#pragma warning disable CA1031 // thrown again where the test is
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
        });
        writer.Start();
        RaceCounts counts;
        try
        {
            counts = (read ?? ReadMeanwhile)(
                context, drive, file, isReused, () => Volatile.Read(ref changes));
        }
        finally
        {
            isOver.Set();
            writer.Join();
            File.Delete($"{drive.Folder}/rest");
            for (int i = 0; i < Donors; i++)
            {
                File.Delete($"{drive.Folder}/donor{i}"); // also where there is none
            }
        }
        context.Report($"race.{name}", $"{changes} changes: {counts}");
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
        Check.That(
            counts.Wrong == 0, $"{counts.Wrong} reads count as unchanged and have other bytes: {counts}.");
        Check.That(
            !isReused || counts.ChangedBytes > 0,
            $"no read found other bytes where the file was, so nothing was tried: {counts}.");
        Check.That(
            counts.Right > 0 && counts.Changed > 0,
            $"reads and changes did not meet: {changes} changes, {counts}.");
    }

    /// <summary>Free blocks are few enough that noise reaches all of them.</summary>
    internal static void LeaveLittleRoom(MountedDrive drive)
    {
        using (SafeFileHandle margin = drive.Create("margin"))
        {
            Check.That(FileCalls.TryAllocate(margin, 0, (Donors + 2) * FileBytes), "there is no room.");
            drive.TakeRest("rest");
        }
        File.Delete($"{drive.Folder}/margin");
        FileCalls.Sync();
    }

    private static RaceCounts ReadMeanwhile(
        GuestContext context, MountedDrive drive, SafeFileHandle file, bool isReused, Func<int> changes)
    {
        ulong seed = context.Settings.SeedOf(drive.Serial);
        byte[] bytes = new byte[2 * FileBytes];
        var counts = new RaceCounts();
        var random = new Random(2);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(FileBytes);
        using var reader = new CommandReader(NvmeDrive.Find(drive.Serial), buffer, isRegistered: true);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_time
            || (!counts.HaveMet(isReused) && Stopwatch.GetElapsedTime(start) < s_patience))
        {
            FileExtents extents;
            try
            {
                extents = FileExtents.Map(file, reader.Source);
            }
            catch (NvmeException)
            {
                counts.Refused++; // a hole, or written to just now
                continue;
            }
            if (random.Next(2) == 0)
            {
                Thread.Sleep(random.Next(80)); // a reader that is held up finds the blocks in other hands
            }
            MountedDrive.ReadInto(bytes, reader, extents);
            bool isUnchanged = extents.IsUnchanged();
            bool isRight =
                DiskPattern.FirstDifference(bytes.AsSpan(0, (int)extents.LengthBytes), 0, seed) < 0;
            counts.Right += isUnchanged && isRight ? 1 : 0;
            counts.Wrong += isUnchanged && !isRight ? 1 : 0;
            counts.Changed += isUnchanged ? 0 : 1;
            counts.ChangedBytes += !isUnchanged && !isRight ? 1 : 0;
        }
        return counts;
    }

    /// <summary>
    /// The same by the driver, file after file, in slots of which two are read at once. Who holds a slot now
    /// and then waits for a change, so that the next ones are read from where the file was. Bytes of a file
    /// that counts as changed are seen in the slots that it did not publish.
    /// </summary>
    private static RaceCounts IngestMeanwhile(
        GuestContext context, MountedDrive drive, SafeFileHandle file, bool isReused, Func<int> changes)
    {
        const int SlotBytes = FileBytes / 8;
        ulong seed = context.Settings.SeedOf(drive.Serial);
        var counts = new RaceCounts();
        var random = new Random(2);
        var completed = new CompletedIngest[1];
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(new IngestOptions
        {
            ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
            SlotCount = 2,
            SlotSizeBytes = SlotBytes,
        });
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_time
            || (!counts.HaveMet(isReused) && Stopwatch.GetElapsedTime(start) < s_patience))
        {
            try
            {
                _ = driver.SubmitFile($"{drive.Folder}/racing");
            }
            catch (IngestException)
            {
                counts.Refused++;
                continue;
            }
            bool isWrong = false;
            bool isChanged = false;
            while (!driver.IsIdle)
            {
                if (driver.PollCompletions(completed) == 0)
                {
                    _ = driver.WaitForProgress(TimeSpan.FromSeconds(1));
                    continue;
                }
                CompletedIngest one = completed[0];
                if (one.Status == IngestStatus.Published)
                {
                    isWrong |= IsOther(driver.BytesOf(one.Slot), one.OffsetBytes);
                    if (random.Next(12) == 0)
                    {
                        int before = changes();
                        _ = SpinWait.SpinUntil(() => changes() != before, TimeSpan.FromSeconds(3));
                    }
                    driver.Release(one.Slot);
                }
                else
                {
                    isChanged = true;
                    Check.That(
                        one.Error!.Message.Contains("ExtentsChanged", StringComparison.Ordinal),
                        $"it failed otherwise: {one.Error}");
                    counts.ChangedBytes += IsAnyNoise(driver) ? 1 : 0;
                }
            }
            counts.Right += isWrong || isChanged ? 0 : 1;
            counts.Wrong += isWrong ? 1 : 0;
            counts.Changed += isChanged ? 1 : 0;
        }
        return counts;

        bool IsOther(ReadOnlySpan<byte> bytes, long offsetBytes) =>
            DiskPattern.FirstDifference(bytes, offsetBytes, seed) >= 0;
    }

    private static bool IsAnyNoise(NvmeGpuIngestDriver driver)
    {
        const int SlotBytes = FileBytes / 8;
        for (int i = 0; i < driver.SlotCount; i++)
        {
            // Whole blocks of it: the pattern has none.
            if (driver.Queue.BytesOf(i, SlotBytes, null).IndexOf(Noise(BlockBytes)) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    private sealed class RaceCounts
    {
        public int Right;
        public int Wrong;
        public int Changed;
        public int ChangedBytes;
        public int Refused;

        /// <summary>Reads and changes; with blocks that others get, also a read of other bytes.</summary>
        public bool HaveMet(bool isReused) => Right > 0 && Changed > 0 && (!isReused || ChangedBytes > 0);

        public override string ToString() =>
            $"{Right} reads right, {Wrong} wrong, {Changed} changed ({ChangedBytes} of them with other "
            + $"bytes), {Refused} not mapped";
    }
}
