using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// The driver's commands on drives that stall, time out and go away: a source fails with its reason, every
/// read and every slot is accounted for, and the same driver goes on.
/// </summary>
internal static class IngestFaultTests
{
    private const int SlotBytes = 64 << 10;

    private const int SlotCount = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static IngestOptions Options => new()
    {
        ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
        SlotCount = SlotCount,
        SlotSizeBytes = SlotBytes,
    };

    public static void The_driver_waits_for_a_stalled_drive_and_its_bytes_are_right(GuestContext context)
    {
        foreach (IngestOptions options in Both(context))
        {
            using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
            using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(options);
            CheckGoesOn(context, driver, source); // tries the drive too, which is not to be held back
            context.Channel.Ask("stall");
            _ = driver.SubmitNativeNvmeRead(source, 0, BlocksOf(source, 2 * SlotCount));
            var reached = new List<CompletedIngest>();
            PollFor(context, driver, reached, TimeSpan.FromSeconds(1));
            Check.That(
                reached.Count < 2 * SlotCount, "everything was published although a read was held back.");
            context.Channel.Ask("resume");
            PollToIdle(context, driver, reached);
            Check.Equal(2 * SlotCount, reached.Count, "slots of the range");
            Check.That(
                reached.TrueForAll(one => one.Status == IngestStatus.Published), $"{reached[^1].Error}");
            CheckAccounts(driver, failed: 0);
        }
    }

    /// <summary>The scenario has nvme_core.io_timeout=3. Why one at a time: see CommandLoad.</summary>
    public static void A_source_whose_commands_time_out_fails_and_the_driver_goes_on(GuestContext context)
    {
        foreach (IngestOptions options in Both(context))
        {
            using NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath);
            using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
                options.Memory is null ? options : options with { DepthMax = 1 });
            CheckGoesOn(context, driver, source); // tries the drive too, which is not to be held back
            context.Channel.Ask("slow 1");
            _ = driver.SubmitNativeNvmeRead(source, 0, BlocksOf(source, 64));
            var reached = new List<CompletedIngest>();
            PollToIdle(context, driver, reached);
            context.Channel.Ask("slow 0");
            CheckFailure(reached, Libc.EINTR);
            Check.That(
                reached[^1].Error!.Message.Contains("did not answer in time", StringComparison.Ordinal),
                $"it says: {reached[^1].Error!.Message}");
            CheckAccounts(driver, failed: 1);
            CheckGoesOn(context, driver, source);
        }
    }

    /// <summary>
    /// And the drive is put back: the same driver reads from it by a namespace opened anew.
    /// </summary>
    public static void A_source_whose_drive_is_unplugged_fails_and_the_driver_goes_on(GuestContext context)
    {
        foreach (IngestOptions options in Both(context))
        {
            using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(options);
            using (NvmeNamespace source = NvmeNamespace.Open(context.Data.CharPath))
            {
                CheckGoesOn(context, driver, source);
                context.Channel.Ask("slow 25"); // or all would be read before the drive is gone
                _ = driver.SubmitNativeNvmeRead(source, 0, source.LengthLbas);
                var unplug = Task.Run(() => context.Channel.Ask("unplug A"));
                var reached = new List<CompletedIngest>();
                PollToIdle(context, driver, reached);
                unplug.GetAwaiter().GetResult();
                context.Report(
                    "ingest.removed", $"{reached.Count - 1} slots, then {reached[^1].Error?.Message}");
                CheckFailure(reached, null);
                CheckAccounts(driver, failed: 1);
                // What is left of the namespace is no way to the drive, and said to be none.
                _ = driver.SubmitNativeNvmeRead(source, 0, 8);
                reached.Clear();
                PollToIdle(context, driver, reached);
                CheckFailure(reached, null);
                CheckAccounts(driver, failed: 2);
            }
            context.Channel.Ask("slow 0");
            CommandFaultTests.PlugAgain(context);
            // The ring holds the old device, so disk and character device have different numbers now.
            NvmeDrive drive = context.Data;
            context.Report("ingest.again", $"{drive.BlockPath} {drive.CharPath}");
            using NvmeNamespace again = NvmeNamespace.Open(drive.BlockPath);
            Check.Equal(drive.CharPath, again.DevicePath, $"the character device of {drive.BlockPath}");
            using (NvmeNamespace byDevice = NvmeNamespace.Open(drive.CharPath))
            {
                Check.Equal(again.TransferBytesMax, byDevice.TransferBytesMax, "the limit, by both names");
                Check.Equal(1, byDevice.PciAddresses.Count, "PCI functions, by the character device");
            }
            CheckGoesOn(context, driver, again);
        }
    }

    /// <summary>Slots in host memory, and in the memory of another controller.</summary>
    private static IngestOptions[] Both(GuestContext context) =>
        [Options, Options with { Memory = context.PeerProvider }];

    private static ulong BlocksOf(NvmeNamespace source, int slots) =>
        (ulong)slots * (ulong)(SlotBytes / source.LbaBytes);

    /// <summary>Compares and gives back what is published, until nothing is left to do.</summary>
    private static void PollToIdle(
        GuestContext context, NvmeGpuIngestDriver driver, List<CompletedIngest> reached)
    {
        PollFor(context, driver, reached, s_patience);
        Check.That(driver.IsIdle, $"the driver has not ended in {s_patience.TotalSeconds} s.");
    }

    private static void PollFor(
        GuestContext context, NvmeGpuIngestDriver driver, List<CompletedIngest> reached, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        var completed = new CompletedIngest[SlotCount];
        while (!driver.IsIdle && Stopwatch.GetElapsedTime(start) < time)
        {
            int count = driver.PollCompletions(completed);
            foreach (CompletedIngest one in completed.AsSpan(0, count))
            {
                reached.Add(one);
                if (one.Status == IngestStatus.Published)
                {
                    Check.Pattern(driver.BytesOf(one.Slot), one.OffsetBytes, context.Seed);
                    driver.Release(one.Slot);
                }
            }
            if (count == 0)
            {
                _ = driver.WaitForProgress(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Slots in order, then the failure, and nothing after it.</summary>
    private static void CheckFailure(List<CompletedIngest> reached, int? errno)
    {
        Check.That(reached.Count > 0, "nothing came, not even a failure.");
        for (int i = 0; i < reached.Count - 1; i++)
        {
            Check.Equal(IngestStatus.Published, reached[i].Status, $"slot {i}");
            Check.Equal((long)i * SlotBytes, reached[i].OffsetBytes, $"where slot {i} begins");
        }
        CompletedIngest failed = reached[^1];
        Check.Equal(IngestStatus.Failed, failed.Status, "how it ended");
        var cause = failed.Error?.InnerException as NvmeException;
        Check.That(
            failed.Error is IngestException && cause is not null,
            $"no NvmeException is the cause: {failed.Error}");
        Check.That(
            failed.Error!.Message.Contains("NVMe read of ", StringComparison.Ordinal)
                && failed.Error.Message.Contains("Likely cause: ", StringComparison.Ordinal),
            $"it says: {failed.Error.Message}");
        if (errno is not null)
        {
            Check.Equal(errno, cause!.Errno, "the error");
        }
    }

    private static void CheckAccounts(NvmeGpuIngestDriver driver, long failed)
    {
        NvmeGpuIngestTelemetry t = driver.Telemetry;
        Check.Equal(
            t.ReadsSubmitted, t.ReadsCompleted + t.ReadsFailed + t.ReadsCancelled + t.Retries,
            "reads submitted, and what became of them");
        Check.Equal(t.SlotsPublished, t.SlotsConsumed, "slots published and given back");
        Check.Equal(failed, t.SourcesFailed, "sources that failed");
        Check.That(failed > 0 == (t.ReadsFailed > 0), $"{t.ReadsFailed} reads failed.");
        Check.That(driver.IsIdle, "the driver is not idle.");
    }

    /// <summary>Every slot is free again: as many as there are can be full at once.</summary>
    private static void CheckGoesOn(GuestContext context, NvmeGpuIngestDriver driver, NvmeNamespace source)
    {
        long failedBefore = driver.Telemetry.SourcesFailed;
        _ = driver.SubmitNativeNvmeRead(source, 0, BlocksOf(source, SlotCount));
        var held = new List<CompletedIngest>();
        var completed = new CompletedIngest[SlotCount];
        long start = Stopwatch.GetTimestamp();
        while (held.Count < SlotCount && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            held.AddRange(completed.AsSpan(0, driver.PollCompletions(completed)).ToArray());
            _ = driver.WaitForProgress(TimeSpan.FromMilliseconds(10));
        }
        Check.Equal(SlotCount, held.Select(one => one.Slot.Value).Distinct().Count(), "slots that are full");
        foreach (CompletedIngest one in held)
        {
            Check.That(one.Status == IngestStatus.Published, $"{one.Error}");
            Check.Pattern(driver.BytesOf(one.Slot), one.OffsetBytes, context.Seed);
            driver.Release(one.Slot);
        }
        PollToIdle(context, driver, held);
        CheckAccounts(driver, failedBefore);
    }
}
