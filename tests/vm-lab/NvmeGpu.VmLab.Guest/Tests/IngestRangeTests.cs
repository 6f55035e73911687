using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Ranges of blocks through the ingest driver, by NVMe commands: into registered host memory, and into the
/// memory of another controller.
/// </summary>
internal static class IngestRangeTests
{
    private const int SlotBytes = 256 << 10;

    /// <summary>
    /// Not a multiple of anything but blocks, so that slots and commands end in the middle.
    /// </summary>
    private const int OddBlocks = 2001;

    private static IngestOptions Options => new()
    {
        ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
        SlotCount = 8,
        SlotSizeBytes = SlotBytes,
    };

    public static void The_driver_ingests_the_whole_namespace_by_passthrough(GuestContext context) =>
        IngestWholeAsync(context, Options).GetAwaiter().GetResult();

    /// <summary>The scenario has nvme.poll_queues=1.</summary>
    public static void The_driver_ingests_the_whole_namespace_by_polling(GuestContext context)
    {
        foreach ((bool submission, bool completion) in
            (ReadOnlySpan<(bool, bool)>)[(true, false), (false, true), (true, true)])
        {
            IngestWholeAsync(context, Options with
            {
                UseSubmissionPolling = submission,
                UseCompletionPolling = completion,
            }).GetAwaiter().GetResult();
        }
    }

    /// <summary>Slots larger than what a command may transfer.</summary>
    public static void The_driver_splits_slots_at_what_a_command_may_transfer(GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options with { SlotCount = 3, SlotSizeBytes = 4 << 20 });
        int blocks = (int)source.LengthLbas - 10;
        CompletedIngest[] all = Poll(context, driver, [(source, 3, blocks)]);
        Check.That(all.All(one => one.Status == IngestStatus.Published), $"{all[^1].Error}");
        Check.Equal(
            (long)blocks * source.LbaBytes, all.Sum(one => (long)one.ByteCount), "bytes of the range");
        Check.That(
            driver.Telemetry.ReadsSubmitted > all.Length,
            $"{driver.Telemetry.ReadsSubmitted} commands for {all.Length} slots of 4 MiB.");
        Check.Equal(driver.Telemetry.ReadsSubmitted, driver.Telemetry.ReadsCompleted, "commands completed");
    }

    /// <summary>
    /// The same into the memory of another controller, which the host watches: see the lab's tests. What the
    /// CPU compares is the kernel's copy of each slot.
    /// </summary>
    public static void The_driver_ingests_by_passthrough_into_the_memory_of_another_controller(
        GuestContext context)
    {
        (ulong first, ulong last) = context.Peer.LargestBar();
        context.Report("ingest.first", $"{first:x}");
        context.Report("ingest.last", $"{last:x}");
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(PeerOptions(context));
        Check.Equal(PeerMemoryKind.P2PdmaPages, driver.SlotMemory.Kind, "the slots' memory");
        // The drive is tried first, which reads into RAM too.
        _ = Poll(context, driver, [(source, 0, 1)]);
        context.Channel.Ask("trace ingest");
        CompletedIngest[] all = Poll(context, driver, [(source, 5, OddBlocks), (source, 0, 64)]);
        context.Channel.Ask("trace off");
        Check.That(all.All(one => one.Status == IngestStatus.Published), $"{all[^1].Error}");
        Check.Equal(
            (long)(OddBlocks + 64) * source.LbaBytes, all.Sum(one => (long)one.ByteCount),
            "bytes of the ranges");
        context.Report("ingest.bytes", $"{all.Sum(one => (long)one.ByteCount)}");
        driver.Telemetry.ValidateCompletedZeroCopy();
    }

    public static void A_megakernel_on_the_host_consumes_slots_in_the_memory_of_another_controller(
        GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(PeerOptions(context));
        var consumer = new PatternConsumer(context.Seed);
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.NvmeRange(source, 0, OddBlocks));
        }
        Check.Equal((long)OddBlocks * source.LbaBytes, consumer.Bytes, "bytes that were consumed");
    }

    /// <summary>
    /// The path for files, on the block device: O_DIRECT, which nobody has to ask for, and a length that ends
    /// within a block.
    /// </summary>
    public static void The_driver_reads_files_into_the_memory_of_another_controller(GuestContext context)
    {
        const int LengthBytes = (3 << 20) + 1000; // whole words, and no whole block
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
            PeerOptions(context) with { ReadPath = NativeReadPath.PeerDirectFileRead });
        _ = driver.SubmitFile(context.Data.BlockPath, LengthBytes);
        long bytes = 0;
        // The drive is tried first, which reads into RAM too: the trace begins when all slots are full, so
        // that nothing is in flight.
        List<CompletedIngest> full = [];
        Take(driver, driver.SlotCount, full.Add);
        context.Channel.Ask("trace ingest-file");
        full.ForEach(CheckAndRelease);
        context.Report("ingest-file.bytes", $"{LengthBytes - bytes}");
        Take(driver, int.MaxValue, CheckAndRelease);
        context.Channel.Ask("trace off");
        Check.Equal(LengthBytes, bytes, "bytes that were read");
        driver.Telemetry.ValidateCompletedZeroCopy();

        void CheckAndRelease(CompletedIngest one)
        {
            Check.That(one.Status == IngestStatus.Published, $"{one.Error}");
            Check.Equal(bytes, one.OffsetBytes, "where a slot begins");
            Check.Pattern(driver.BytesOf(one.Slot), one.OffsetBytes, context.Seed);
            bytes += one.ByteCount;
            driver.Release(one.Slot);
        }
    }

    /// <summary>
    /// Where the drive does not reach the other controller's memory, or its reads go astray without an error,
    /// no slot is published: by commands as by ordinary reads.
    /// </summary>
    public static void The_driver_reads_nothing_into_memory_that_the_drive_does_not_reach(
        GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        foreach (NativeReadPath path in
            new[] { NativeReadPath.GpuDirectNvmePassthrough, NativeReadPath.PeerDirectFileRead })
        {
            using NvmeGpuIngestDriver driver =
                NvmeGpuIngestDriver.Open(PeerOptions(context) with { ReadPath = path });
            _ = path == NativeReadPath.GpuDirectNvmePassthrough
                ? driver.SubmitNativeNvmeRead(source, 0, 64)
                : driver.SubmitFile(context.Data.BlockPath, 1 << 20);
            List<CompletedIngest> all = [];
            Take(driver, int.MaxValue, all.Add);
            Check.Equal(1, all.Count, "reports");
            Check.Equal(IngestStatus.Failed, all[0].Status, "what became of it");
            Check.That(
                all[0].Error!.Message.Contains(
                    "The drive does not reach this memory", StringComparison.Ordinal),
                $"{all[0].Error}");
            Check.Equal(0, driver.Telemetry.ReadsSubmitted, "reads into slots");
        }
    }

    /// <summary>Nobody names a path or memory: the trial read of what will be read decides.</summary>
    public static void Left_the_choice_the_driver_reads_into_the_memory_that_is_proven(GuestContext context)
    {
        const string Why = "arrived, every byte";
        Choose(context, context.Data.CharPath, NativeReadPath.GpuDirectNvmePassthrough, isPeer: true, Why);
        Choose(context, context.Data.BlockPath, NativeReadPath.PeerDirectFileRead, isPeer: true, Why);
        // More slots than the other controller's memory has room for.
        Choose(
            context, context.Data.BlockPath, NativeReadPath.RegisteredMappedRead, isPeer: false, "no room",
            slotCount: 80);
    }

    public static void Left_the_choice_the_driver_reads_into_host_memory_and_says_why(GuestContext context)
    {
        const string Why = "no other device's memory is proven";
        Choose(context, context.Data.CharPath, NativeReadPath.GpuDirectNvmePassthrough, isPeer: false, Why);
        Choose(context, context.Data.BlockPath, NativeReadPath.RegisteredMappedRead, isPeer: false, Why);
    }

    private static void Choose(
        GuestContext context, string target, NativeReadPath expected, bool isPeer, string reason,
        int slotCount = 0)
    {
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { Target = target, SlotCount = slotCount });
        Check.Equal(expected, driver.ReadPath, $"the path for {target}: {driver.ReadPathReason}");
        Check.Equal(
            isPeer ? PeerMemoryKind.P2PdmaPages : PeerMemoryKind.HostMapped, driver.SlotMemory.Kind,
            "the slots' memory");
        Check.That(
            driver.ReadPathReason.Contains(reason, StringComparison.Ordinal), driver.ReadPathReason);
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        _ = target == context.Data.CharPath
            ? driver.SubmitNativeNvmeRead(source, 0, (5ul << 20) / (ulong)source.LbaBytes)
            : driver.SubmitFile(target, 5 << 20);
        long bytes = 0;
        Take(driver, int.MaxValue, one =>
        {
            Check.That(one.Status == IngestStatus.Published, $"{one.Error}");
            Check.Pattern(driver.BytesOf(one.Slot), one.OffsetBytes, context.Seed);
            bytes += one.ByteCount;
            driver.Release(one.Slot);
        });
        Check.Equal(5L << 20, bytes, "bytes that were read");
    }

    /// <summary>
    /// The scenario has bad sectors at 1 MiB, and one at 2 MiB that fails once: a range per slot around them.
    /// </summary>
    public static void A_bad_sector_fails_its_range_with_the_drives_status_and_no_other(GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(Options);
        uint blocks = SlotBytes / (uint)source.LbaBytes;
        CompletedIngest[] all = Poll(
            context, driver,
            [.. Enumerable.Range(0, 16).Select(i => (source, (ulong)i * blocks, (int)blocks))]);
        CompletedIngest[] failed = [.. all.Where(one => one.Status != IngestStatus.Published)];
        Check.Equal(1, failed.Length, "ranges that failed");
        Check.Equal(
            (1 << 20) / source.LbaBytes, (int)failed[0].Tag, "the first block of the range that failed");
        Check.Equal(15, all.Length - failed.Length, "ranges that were read");
        CheckMediaError(failed[0].Error, (1 << 20) / source.LbaBytes);
        Check.That(
            driver.Telemetry.Retries == CommandRetry.CountMax + 1,
            $"{driver.Telemetry.Retries} retries, and not {CommandRetry.CountMax} of the bad sector and one "
            + "of that which fails once.");
    }

    /// <summary>
    /// One range over all of it: what comes before is published and right, and then the end.
    /// </summary>
    public static void A_bad_sector_in_the_middle_of_a_range_ends_it_with_the_drives_status(
        GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(Options);
        CompletedIngest[] all = Poll(
            context, driver, [(source, 0, (int)((4 << 20) / source.LbaBytes))]);
        Check.Equal((1 << 20) / SlotBytes, all.Length - 1, "slots before the bad sector");
        CheckMediaError(all[^1].Error, (1 << 20) / source.LbaBytes);
    }

    /// <summary>
    /// The same range, and by ordinary reads the same bytes of the drive, where one slot may fail: only the
    /// bad sector's does, and every byte before and behind it is right. The slots are small, so that the
    /// kernel joins many of the ordinary reads.
    /// </summary>
    public static void Only_the_slot_of_a_bad_sector_fails_where_that_is_allowed(GuestContext context)
    {
        const int Bad = 1 << 20;
        const int LengthBytes = 4 << 20;
        const int SmallBytes = 64 << 10;
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        foreach (NativeReadPath path in
            new[] { NativeReadPath.GpuDirectNvmePassthrough, NativeReadPath.RegisteredMappedRead })
        {
            bool isCommand = path == NativeReadPath.GpuDirectNvmePassthrough;
            using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(Options with
            {
                ReadPath = path,
                DirectIo = true,
                SlotCount = 16,
                SlotSizeBytes = SmallBytes,
                FailedSlotsMax = 1,
            });
            _ = isCommand
                ? driver.SubmitNativeNvmeRead(source, 0, (ulong)(LengthBytes / source.LbaBytes))
                : driver.SubmitFile(context.Data.BlockPath, LengthBytes);
            List<CompletedIngest> all = [];
            Take(driver, int.MaxValue, one =>
            {
                all.Add(one);
                Check.That(one.Status != IngestStatus.Failed, $"{path}: {one.Error}");
                Check.Equal(
                    (long)(all.Count - 1) * SmallBytes, one.OffsetBytes, $"{path}: where a slot begins");
                if (one.Status == IngestStatus.Published)
                {
                    Check.Pattern(driver.BytesOf(one.Slot), one.OffsetBytes, context.Seed);
                    driver.Release(one.Slot);
                }
            });
            Check.Equal(LengthBytes / SmallBytes, all.Count, $"{path}: slots");
            CompletedIngest failed = all.Single(one => one.Status != IngestStatus.Published);
            Check.Equal(
                (IngestStatus.SlotFailed, (long)Bad, SmallBytes),
                (failed.Status, failed.OffsetBytes, failed.MissingByteCount), $"{path}: what failed");
            if (isCommand)
            {
                CheckMediaError(failed.Error, Bad / source.LbaBytes);
            }
            else
            {
                Check.That(
                    failed.Error!.Message.Contains("ENODATA", StringComparison.Ordinal),
                    $"it says: {failed.Error.Message}");
            }
            NvmeGpuIngestTelemetry t = driver.Telemetry;
            Check.Equal((1L, 1L, 0L), (t.SlotsFailed, t.SourcesFailed, t.SourcesCompleted), "slots, sources");
            Check.Equal((long)LengthBytes - SmallBytes, t.BytesPublished, "bytes that were published");
        }
    }

    /// <summary>
    /// By a namespace that is said to be larger than it is: the drive's own answer, which is not tried again.
    /// </summary>
    public static void A_range_beyond_the_end_has_the_status_LBA_out_of_range(GuestContext context)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(Options);
        try
        {
            _ = driver.SubmitNativeNvmeRead(source, source.LengthLbas - 1, 2);
            Check.That(false, "a range beyond the end was taken.");
        }
        catch (ArgumentOutOfRangeException)
        {
        }
        using var larger = new NvmeNamespace(
            DeviceFile.Open(context.Data.CharPath, 0), context.Data.CharPath, source.NamespaceId,
            new NamespaceFormat(source.LengthLbas + 64, source.LbaDataBytes, 0, false, 0),
            new NamespaceLimits(source.TransferBytesMax, source.ScatteredBytesMax, null), [], false, 0);
        CompletedIngest[] all = Poll(
            context, driver, [(larger, source.LengthLbas - 8, 16), (source, source.LengthLbas - 8, 8)]);
        CompletedIngest failed = all.Single(one => one.Status != IngestStatus.Published);
        var cause = failed.Error?.InnerException as NvmeException;
        Check.Equal(0x4080, cause?.Status.Value ?? 0, "the drive's status");
        Check.That(
            failed.Error!.Message.Contains("LBA Out of Range", StringComparison.Ordinal),
            $"it says: {failed.Error.Message}");
        Check.Equal(2, all.Length, "ranges that ended");
        Check.Equal(0L, driver.Telemetry.Retries, "retries");
    }

    private static void CheckMediaError(Exception? error, int lba)
    {
        var cause = error?.InnerException as NvmeException;
        Check.Equal((2, 0x81), (cause?.Status.CodeType ?? 0, cause?.Status.Code ?? 0), "type and code");
        Check.That(
            error is IngestException
                && error.Message.Contains("Unrecovered Read Error", StringComparison.Ordinal)
                && error.Message.Contains($"LBA {lba}", StringComparison.Ordinal),
            $"it says: {error?.Message}");
    }

    private static IngestOptions PeerOptions(GuestContext context) => Options with
    {
        Memory = new NvmeCmbProvider(context.Peer.PciFunction().Split('/')[^1]),
    };

    private static async Task IngestWholeAsync(GuestContext context, IngestOptions options)
    {
        using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
        await using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(options);
        long bytes = 0;
        await foreach (IngestedSlot slot in driver.ReadAllAsync(IngestSource.NvmeRange(source)))
        {
            Check.Equal(bytes, slot.OffsetBytes, "where a slot begins");
            Check.Pattern(slot.Bytes, slot.OffsetBytes, context.Seed);
            bytes += slot.ByteCount;
        }
        Check.Equal(context.Settings.Get("bytes.A"), $"{bytes}", "bytes of the drive");
        driver.Telemetry.ValidateCompletedZeroCopy();
    }

    /// <summary>
    /// Reads ranges, checks every byte that is published, and gives every slot back. A range's tag is its
    /// first block.
    /// </summary>
    private static CompletedIngest[] Poll(
        GuestContext context, NvmeGpuIngestDriver driver,
        (NvmeNamespace Source, ulong Lba, int Blocks)[] ranges)
    {
        foreach ((NvmeNamespace source, ulong lba, int blocks) in ranges)
        {
            _ = driver.SubmitNativeNvmeRead(source, lba, (ulong)blocks, (long)lba);
        }
        List<CompletedIngest> all = [];
        Take(driver, int.MaxValue, one =>
        {
            all.Add(one);
            if (one.Status == IngestStatus.Published)
            {
                Check.Pattern(
                    driver.BytesOf(one.Slot), (one.Tag * context.Data.BlockBytes) + one.OffsetBytes,
                    context.Seed);
                driver.Release(one.Slot);
            }
        });
        return [.. all];
    }

    /// <summary>Until nothing is left, or so many reports were taken.</summary>
    private static void Take(NvmeGpuIngestDriver driver, int most, Action<CompletedIngest> onReport)
    {
        var completed = new CompletedIngest[8];
        while (!driver.IsIdle && most > 0)
        {
            int count = driver.PollCompletions(completed.AsSpan(0, Math.Min(completed.Length, most)));
            most -= count;
            foreach (CompletedIngest one in completed.AsSpan(0, count))
            {
                onReport(one);
            }
            if (count == 0)
            {
                _ = driver.WaitForProgress(TimeSpan.FromSeconds(1));
            }
        }
    }

    private sealed class PatternConsumer(ulong seed) : ISlotConsumer
    {
        public long Bytes { get; private set; }

        public void Consume(in PublishedSlot slot)
        {
            Check.Pattern(slot.Bytes, slot.OffsetBytes, seed);
            Bytes += slot.Bytes.Length;
        }
    }
}
