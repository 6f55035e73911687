using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Nvme;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Commands that are sent again by the driver: how often, when, and what is said when it was of no use.
/// </summary>
public class IngestRetryTests
{
    private const int SlotBytes = PolledDriver.SlotBytes;
    private const int SlotBlocks = PolledDriver.SlotBlocks;
    private const int Open = 0x281; // Unrecovered Read Error, which may be tried again
    private const int WithDelay = Open | (2 << 11); // the second of the drive's three
    private const int DelayMilliseconds = 300;

    private static readonly RetryDelays s_delays = new(ushort.MaxValue, DelayMilliseconds / 100, 0);
    private static readonly RetryDelays s_long = new(0, ushort.MaxValue, 0); // half a minute

    public IngestRetryTests()
    {
        RingRequirement.Met();
        Requirement.That(
            Environment.OSVersion.Version >= new Version(6, 1), "/dev/null takes commands since Linux 6.1");
    }

    [Fact]
    public void Every_command_of_a_slot_is_tried_so_often_anew()
    {
        // Four commands per slot, of which each fails as often as it may.
        const int Tries = CommandRetry.CountMax + 1;
        var faults = new FaultyReads(
            Enumerable.Range(0, 4 * Tries).Where(i => i % Tries != Tries - 1).Select(i => (i, Open)));
        using NvmeNamespace source = FakeNamespace.OnNull(transferBytesMax: SlotBytes / 4);
        using NvmeGpuIngestDriver driver = PolledDriver.Open(PolledDriver.Options, faults);
        driver.SubmitNativeNvmeRead(source, 0, SlotBlocks);
        Assert.Equal(IngestStatus.Published, Assert.Single(PolledDriver.PollToIdle(driver)).Status);
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            (4 * Tries, 4, 4 * CommandRetry.CountMax, 0),
            (telemetry.ReadsSubmitted, telemetry.ReadsCompleted, telemetry.Retries, telemetry.ReadsFailed));
    }

    [Theory]
    [InlineData(Open, CommandRetry.CountMax + 1)]
    [InlineData(0x4281, 1)]
    public void What_was_tried_in_vain_says_how_often(int status, int tries)
    {
        var faults = new FaultyReads(Enumerable.Range(1, 10).Select(i => (i, status)));
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver =
            PolledDriver.Open(PolledDriver.Options with { DepthMax = 1 }, faults);
        driver.SubmitNativeNvmeRead(source, 0, 2 * SlotBlocks);
        CompletedIngest failed = PolledDriver.PollToIdle(driver)[^1];
        var error = Assert.IsType<IngestException>(failed.Error);
        Assert.Equal(
            tries > 1, error.Message.EndsWith($" It was tried {tries} times.", StringComparison.Ordinal));
        Assert.Contains($"of {SlotBlocks} blocks at LBA {SlotBlocks} ", error.Message);
        Assert.Equal(status, Assert.IsType<NvmeException>(error.InnerException).Status.Value);
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            (1 + tries, 1, tries - 1, 1),
            (telemetry.ReadsSubmitted, telemetry.ReadsCompleted, telemetry.Retries, telemetry.ReadsFailed));
    }

    [Fact]
    public void A_slot_whose_command_was_tried_in_vain_is_as_new_for_the_next_source()
    {
        const int Tries = CommandRetry.CountMax + 1;
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { SlotCount = 1 },
            new FaultyReads(Enumerable.Range(0, Tries + 1).Select(i => (i, Open))));
        driver.SubmitNativeNvmeRead(source, 0, SlotBlocks);
        driver.SubmitNativeNvmeRead(source, 0, SlotBlocks);
        Assert.Equal(
            [IngestStatus.Failed, IngestStatus.Published],
            PolledDriver.PollToIdle(driver).Select(one => one.Status));
        Assert.Equal(Tries, driver.Telemetry.Retries);
    }

    [Fact]
    public void Nothing_is_tried_again_of_a_source_that_has_failed()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options, new FaultyReads((0, -Libc.ENODEV), (1, Open), (2, WithDelay)));
        driver.SubmitNativeNvmeRead(source, 0, 4 * SlotBlocks);
        Assert.Contains(
            "ENODEV", Assert.Single(PolledDriver.PollToIdle(driver)).Error!.Message);
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            (4, 1, 0, 3),
            (telemetry.ReadsSubmitted, telemetry.ReadsCompleted, telemetry.Retries, telemetry.ReadsFailed));
    }

    [Fact]
    public void A_cancelled_command_counts_as_cancelled_and_is_not_tried_again()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver =
            PolledDriver.Open(PolledDriver.Options, new FaultyReads((0, -Libc.ECANCELED)));
        driver.SubmitNativeNvmeRead(source, 0, SlotBlocks);
        Assert.Single(PolledDriver.PollToIdle(driver));
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            (1, 0, 0, 0, 1),
            (telemetry.ReadsSubmitted, telemetry.ReadsCompleted, telemetry.ReadsFailed, telemetry.Retries,
                telemetry.ReadsCancelled));
    }

    /// <summary>With a depth of 1 too: what waits takes no place of others.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void A_command_waits_as_long_as_the_drive_asks_and_others_go_on(int depthMax)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: s_delays);
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { PublishInOrder = false, DepthMax = depthMax },
            new FaultyReads((1, WithDelay)));
        driver.SubmitNativeNvmeRead(source, 0, 100 * SlotBlocks);
        long start = Stopwatch.GetTimestamp();
        List<TimeSpan> times = [];
        List<CompletedIngest> all =
            PolledDriver.PollToIdle(driver, _ => times.Add(Stopwatch.GetElapsedTime(start)));
        Assert.Equal(100, all.Count);
        Assert.All(all, one => Assert.Equal(IngestStatus.Published, one.Status));
        Assert.Equal(SlotBytes, all[^1].OffsetBytes);
        // The clock of the wait has steps of up to 16 ms.
        Assert.InRange(times[^1].TotalMilliseconds, DelayMilliseconds - 16, 10_000);
        Assert.True(times[^2] < times[^1] - TimeSpan.FromMilliseconds(50), "the others waited too.");
        Assert.Equal((101, 1), (driver.Telemetry.ReadsSubmitted, driver.Telemetry.Retries));
    }

    [Theory]
    [InlineData(Open, true)] // names no time
    [InlineData(WithDelay, false)] // the controller gave none
    [InlineData(WithDelay | 0x4000, true)] // is not tried again at all
    public void Without_a_time_nothing_waits(int status, bool hasTimes)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: hasTimes ? s_long : default);
        using NvmeGpuIngestDriver driver =
            PolledDriver.Open(PolledDriver.Options, new FaultyReads((0, status)));
        driver.SubmitNativeNvmeRead(source, 0, 4 * SlotBlocks);
        long start = Stopwatch.GetTimestamp();
        _ = PolledDriver.PollToIdle(driver);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Who_waits_for_progress_is_woken_when_a_command_is_due()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: s_delays);
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { PublishInOrder = false }, new FaultyReads((0, WithDelay)));
        driver.SubmitNativeNvmeRead(source, 0, SlotBlocks);
        var completed = new CompletedIngest[1];
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, driver.PollCompletions(completed));
        Assert.False(driver.IsIdle);
        Assert.False(driver.WaitForProgress(TimeSpan.FromMilliseconds(20)));
        while (!driver.WaitForProgress(TimeSpan.FromSeconds(30)))
        {
            Assert.Equal(0, driver.PollCompletions(completed));
        }
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, DelayMilliseconds - 16, 10_000);
        Assert.Equal(1, driver.PollCompletions(completed));
        Assert.Equal(IngestStatus.Published, completed[0].Status);
    }

    [Fact]
    public void A_wait_ends_at_once_when_another_slot_fails_the_source()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: s_long);
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { PublishInOrder = false },
            new FaultyReads((0, WithDelay), (9, -Libc.ENODEV)));
        driver.SubmitNativeNvmeRead(source, 0, 100 * SlotBlocks);
        long start = Stopwatch.GetTimestamp();
        CompletedIngest failed = PolledDriver.PollToIdle(driver)[^1];
        Assert.Contains("ENODEV", failed.Error!.Message);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.Equal(10, driver.Telemetry.ReadsSubmitted); // the one that waited is not sent again
        driver.SubmitNativeNvmeRead(source, 0, 100 * SlotBlocks);
        Assert.Equal(100, PolledDriver.PollToIdle(driver).Count);
    }

    [Fact]
    public void Who_waits_for_progress_is_woken_when_the_source_of_a_waiting_command_has_failed()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: s_long);
        using NvmeGpuIngestDriver driver =
            PolledDriver.Open(PolledDriver.Options, new FaultyReads((0, WithDelay), (1, -Libc.ENODEV)));
        driver.SubmitNativeNvmeRead(source, 0, 2 * SlotBlocks);
        var completed = new CompletedIngest[1];
        Assert.Equal(0, driver.PollCompletions(completed));
        Assert.True(driver.WaitForProgress(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, driver.PollCompletions(completed));
        Assert.Equal(IngestStatus.Failed, completed[0].Status);
        Assert.True(driver.IsIdle);
    }

    [Fact]
    public void Commands_that_are_due_at_once_are_sent_within_the_depth()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: s_delays);
        var faults = new FaultyReads(Enumerable.Range(0, 4).Select(i => (i, WithDelay)));
        using NvmeGpuIngestDriver driver =
            PolledDriver.Open(PolledDriver.Options with { DepthMax = 1 }, faults);
        driver.SubmitNativeNvmeRead(source, 0, 10 * SlotBlocks);
        for (int i = 1; i <= 4; i++)
        {
            Assert.Equal(0, driver.PollCompletions([]));
            Assert.Equal(i, faults.Count);
        }
        Thread.Sleep(DelayMilliseconds + 50);
        Assert.Equal(0, driver.PollCompletions([]));
        Assert.Equal(5, faults.Count); // one of the four that are due
        List<CompletedIngest> all = PolledDriver.PollToIdle(driver);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => (long)i * SlotBytes), all.Select(one => one.OffsetBytes));
        Assert.All(all, one => Assert.Equal(IngestStatus.Published, one.Status));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelling_waits_for_no_command_that_waits_itself(bool isInOrder)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(retryDelays: s_long);
        using var cancel = new CancellationTokenSource();
        var faults = new FaultyReads((1, WithDelay)) { OnFault = () => cancel.CancelAfter(200) };
        using NvmeGpuIngestDriver driver =
            PolledDriver.Open(PolledDriver.Options with { PublishInOrder = isInOrder }, faults);
        using var megakernel = new HostMegakernel(driver.Queue, new HashingConsumer());
        List<CompletedIngest> all = [];
        long start = Stopwatch.GetTimestamp();
        Assert.Throws<OperationCanceledException>(() => driver.Ingest(
            IngestSource.NvmeRange(source, 0, 4 * SlotBlocks), all.Add, cancel.Token));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 150, 10_000);
        Assert.Equal(IngestStatus.Cancelled, all[^1].Status);
        Assert.Equal(1, driver.Telemetry.Retries);
        driver.Ingest(IngestSource.NvmeRange(source, 0, 100 * SlotBlocks));
        Assert.Equal(1, driver.Telemetry.SourcesCompleted);
    }
}
