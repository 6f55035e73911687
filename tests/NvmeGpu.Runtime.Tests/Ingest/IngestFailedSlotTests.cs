using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Nvme;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Bad blocks: a source ends with the first, or loses only the slots that they are in. Statuses and errnos
/// stand in for a drive that fails; the VM lab has one.
/// </summary>
public class IngestFailedSlotTests
{
    private const int SlotBytes = PolledDriver.SlotBytes;
    private const int SlotBlocks = PolledDriver.SlotBlocks;
    private const int Bad = 0x4281; // Unrecovered Read Error, do not retry

    public IngestFailedSlotTests()
    {
        RingRequirement.Met();
        Requirement.That(
            Environment.OSVersion.Version >= new Version(6, 1), "/dev/null takes commands since Linux 6.1");
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 4)]
    [InlineData(true, 9)]
    [InlineData(false, 0)]
    [InlineData(false, 4)]
    [InlineData(false, 9)]
    public void Only_the_slot_of_a_bad_block_fails_where_that_is_allowed(bool isInOrder, int bad)
    {
        var faults = new FaultyReads((bad, Bad));
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = Open(faults, failedSlotsMax: 1, isInOrder);
        long number = driver.SubmitNativeNvmeRead(source, 8, (9 * SlotBlocks) + 3, tag: 5);
        List<CompletedIngest> all = PolledDriver.PollToIdle(driver);

        Assert.Equal(10, all.Count);
        CompletedIngest failed = all.Single(one => one.Status == IngestStatus.SlotFailed);
        int missing = bad == 9 ? 3 * 512 : SlotBytes;
        Assert.Equal(
            (number, 5L, source.DevicePath, (long)bad * SlotBytes, missing, 0),
            (failed.Source, failed.Tag, failed.Path, failed.OffsetBytes, failed.MissingByteCount,
                failed.ByteCount));
        var error = Assert.IsType<IngestException>(failed.Error);
        Assert.Contains($"LBA {8 + (bad * SlotBlocks)}", error.Message);
        Assert.Equal(Bad, Assert.IsType<NvmeException>(error.InnerException).Status.Value);
        Assert.All(all.Where(one => one.Status == IngestStatus.Published), one =>
            Assert.Equal((null, 0), (one.Error, one.MissingByteCount)));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => (long)i * SlotBytes),
            all.Select(one => one.OffsetBytes).Order());
        Assert.Equal(
            (9L * SlotBytes) + (3 * 512), all.Sum(one => (long)one.ByteCount + one.MissingByteCount));
        Assert.Equal(
            [.. Enumerable.Repeat(false, 9), true], all.Select(one => one.IsLast));
        if (isInOrder)
        {
            Assert.Equal(bad, all.IndexOf(failed));
        }
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal((10, 9, 1), (telemetry.ReadsSubmitted, telemetry.ReadsCompleted, telemetry.ReadsFailed));
        Assert.Equal((9, 9, 1), (telemetry.SlotsPublished, telemetry.SlotsConsumed, telemetry.SlotsFailed));
        Assert.Equal((1, 0), (telemetry.SourcesFailed, telemetry.SourcesCompleted));

        driver.SubmitNativeNvmeRead(source, 0, 20 * SlotBlocks); // the source is as new
        Assert.All(PolledDriver.PollToIdle(driver), one => Assert.Equal(IngestStatus.Published, one.Status));
        Assert.Equal(1, driver.Telemetry.SourcesCompleted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void One_bad_slot_more_than_allowed_fails_the_source(int failedSlotsMax)
    {
        int[] bad = [2, 5, 9];
        var faults = new FaultyReads(bad.Take(failedSlotsMax + 1).Select(i => (i, Bad)));
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = Open(faults, failedSlotsMax);
        driver.SubmitNativeNvmeRead(source, 0, 1000 * SlotBlocks, tag: 1);
        List<CompletedIngest> all = PolledDriver.PollToIdle(driver);

        int end = bad[failedSlotsMax];
        Assert.Equal(failedSlotsMax, all.Count(one => one.Status == IngestStatus.SlotFailed));
        CompletedIngest failed = all[^1];
        Assert.Equal((IngestStatus.Failed, true), (failed.Status, failed.IsLast));
        Assert.Contains($"LBA {end * SlotBlocks}", failed.Error!.Message);
        Assert.All(all.SkipLast(1), one => Assert.True(one.OffsetBytes < end * SlotBytes && !one.IsLast));
        Assert.Equal(failedSlotsMax, driver.Telemetry.SlotsFailed);
        Assert.Equal((1, 0), (driver.Telemetry.SourcesFailed, driver.Telemetry.SourcesCompleted));
        Assert.True(faults.Count < 20, $"{faults.Count} reads of a source that had failed.");

        driver.SubmitNativeNvmeRead(source, 0, 20 * SlotBlocks);
        Assert.All(PolledDriver.PollToIdle(driver), one => Assert.Equal(IngestStatus.Published, one.Status));
    }

    [Theory]
    [InlineData(0x4281, true, true)]
    [InlineData(0x287, true, true)] // Deallocated or Unwritten Logical Block
    [InlineData(0x4006, true, false)] // Internal Error
    [InlineData(0x4080, true, false)] // LBA Out of Range
    [InlineData(0x4371, true, false)] // of another path
    [InlineData(-Libc.EIO, true, false)] // no word of the drive
    [InlineData(-Libc.ENODEV, true, false)]
    [InlineData(-Libc.EINTR, true, false)]
    [InlineData(-Libc.EIO, false, true)]
    [InlineData(-Libc.ENODATA, false, true)]
    [InlineData(-Libc.EILSEQ, false, true)]
    [InlineData(-Libc.ENODEV, false, false)]
    [InlineData(-Libc.EINVAL, false, false)]
    [InlineData(-Libc.ECANCELED, false, false)]
    public void A_bad_block_is_what_the_storage_says_of_blocks(int result, bool isCommand, bool isBadBlock) =>
        Assert.Equal(isBadBlock, BadBlock.IsCauseOf(new Completion(default, result, 512, isCommand)));

    [Fact]
    public void What_is_no_bad_block_fails_the_source_all_the_same()
    {
        var faults = new FaultyReads((1, Bad), (3, -Libc.ENODEV));
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = Open(faults, failedSlotsMax: 100, depthMax: 1);
        driver.SubmitNativeNvmeRead(source, 0, 1000 * SlotBlocks);
        List<CompletedIngest> all = PolledDriver.PollToIdle(driver);
        Assert.Equal(
            [IngestStatus.Published, IngestStatus.SlotFailed, IngestStatus.Published, IngestStatus.Failed],
            all.Select(one => one.Status));
        Assert.Contains("ENODEV", all[^1].Error!.Message);
    }

    /// <summary>What is dropped unseen leaves nothing behind in its slot.</summary>
    [Fact]
    public void A_failed_slot_of_a_source_that_fails_is_as_new_for_the_next_one()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver =
            Open(new FaultyReads((1, Bad), (3, -Libc.ENODEV)), failedSlotsMax: 1);
        driver.SubmitNativeNvmeRead(source, 0, 4 * SlotBlocks); // as many as there are slots
        Assert.Equal(IngestStatus.Failed, Assert.Single(PolledDriver.PollToIdle(driver)).Status);
        driver.SubmitNativeNvmeRead(source, 0, 4 * SlotBlocks);
        Assert.All(
            PolledDriver.PollToIdle(driver), one => Assert.Equal(IngestStatus.Published, one.Status));
        Assert.Equal((0, 1), (driver.Telemetry.SlotsFailed, driver.Telemetry.SourcesCompleted));
    }

    [Fact]
    public void Nothing_is_read_alone_of_a_file_that_has_failed()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 4 * SlotBytes);
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { ReadPath = null, FailedSlotsMax = 4 },
            new FaultyReads((0, -Libc.EINVAL), (1, -Libc.EIO)));
        driver.SubmitFile(path);
        Assert.Equal(IngestStatus.Failed, Assert.Single(PolledDriver.PollToIdle(driver)).Status);
        Assert.Equal((4, 0), (driver.Telemetry.ReadsSubmitted, driver.Telemetry.Retries));
    }

    /// <summary>
    /// Each failed read is tried again by itself, because the kernel may have joined it with a bad one.
    /// </summary>
    [Fact]
    public void A_bad_block_of_a_file_loses_its_slot_and_no_byte_of_others()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", (7 * SlotBytes) + 11);
        byte[] expected = File.ReadAllBytes(path);
        // Slot 2 twice, slot 4 once, slot 7 twice.
        var faults = new FaultyReads(
            (2, -Libc.ENODATA), (3, -Libc.ENODATA), (5, -Libc.EIO), (9, -Libc.EIO), (10, -Libc.EIO));
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { ReadPath = null, FailedSlotsMax = 2, DepthMax = 1 }, faults);
        driver.SubmitFile(path);
        List<CompletedIngest> all = PolledDriver.PollToIdle(driver, one => Assert.True(
            driver.BytesOf(one.Slot).SequenceEqual(
                expected.AsSpan((int)one.OffsetBytes, one.ByteCount))));
        CompletedIngest[] failed = [.. all.Where(one => one.Status == IngestStatus.SlotFailed)];
        Assert.Equal(
            [(2L * SlotBytes, SlotBytes, false), (7L * SlotBytes, 11, true)],
            failed.Select(one => (one.OffsetBytes, one.MissingByteCount, one.IsLast)));
        Assert.Contains("ENODATA", failed[0].Error!.Message);
        Assert.Equal(6, all.Count(one => one.Status == IngestStatus.Published));
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            (11, 6, 2, 3),
            (telemetry.ReadsSubmitted, telemetry.ReadsCompleted, telemetry.ReadsFailed, telemetry.Retries));
    }

    [Fact]
    public void Where_no_slot_may_fail_alone_a_bad_block_of_a_file_ends_it_at_once()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 7 * SlotBytes);
        using NvmeGpuIngestDriver driver = PolledDriver.Open(
            PolledDriver.Options with { ReadPath = null, DepthMax = 1 },
            new FaultyReads((2, -Libc.ENODATA)));
        driver.SubmitFile(path);
        Assert.Equal(
            [IngestStatus.Published, IngestStatus.Published, IngestStatus.Failed],
            PolledDriver.PollToIdle(driver).Select(one => one.Status));
        Assert.Equal((3, 0), (driver.Telemetry.ReadsSubmitted, driver.Telemetry.Retries));
    }

    /// <summary>Many more than there are slots, or places in the queue.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_consumer_is_told_of_every_failed_slot_in_its_place(bool isAllBad)
    {
        const int Slots = 1000;
        int[] bad = [.. Enumerable.Range(0, Slots).Where(i => isAllBad || i % 7 == 3)];
        var faults = new FaultyReads(bad.Select(i => (i, Bad)));
        using NvmeNamespace source = FakeNamespace.OnNull();
        var consumer = new Listener();
        using (NvmeGpuIngestDriver driver = Open(faults, failedSlotsMax: Slots))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.NvmeRange(source, 0, (ulong)Slots * SlotBlocks));
            Assert.Equal(Slots - bad.Length, driver.Telemetry.SlotsConsumed);
            Assert.Equal(bad.Length, driver.Telemetry.SlotsFailed);
            Assert.Equal((1, 0), (driver.Telemetry.SourcesFailed, driver.Telemetry.SourcesCompleted));
        }
        Assert.Equal(
            Enumerable.Range(0, Slots).Select(i => (
                (long)i * SlotBytes, bad.Contains(i), bad.Contains(i) ? 0 : SlotBytes,
                bad.Contains(i) ? SlotBytes : 0, i == Slots - 1, false)),
            consumer.Seen);
    }

    /// <summary>
    /// A consumer that was told of a gap and nothing else has to drop what it knows, as others.
    /// </summary>
    [Fact]
    public void A_source_that_fails_after_a_failed_slot_is_abandoned()
    {
        var faults = new FaultyReads((0, Bad), (1, -Libc.ENODEV));
        using NvmeNamespace source = FakeNamespace.OnNull();
        var consumer = new Listener();
        using (NvmeGpuIngestDriver driver = Open(faults, failedSlotsMax: 1, depthMax: 1))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.NvmeRange(source, 0, 100 * SlotBlocks));
        }
        Assert.Equal(
            [(0L, true, 0, SlotBytes, false, false), (0L, false, 0, 0, false, true)], consumer.Seen);
    }

    [Fact]
    public async Task A_loop_is_handed_failed_slots_and_their_bytes_are_an_exception()
    {
        const int Slots = 600; // more than the queue has entries
        var faults = new FaultyReads((2, Bad), (Slots - 1, Bad), (Slots + 2, Bad));
        using NvmeNamespace source = FakeNamespace.OnNull();
        await using NvmeGpuIngestDriver driver = Open(faults, failedSlotsMax: 2);
        List<(long Offset, bool IsFailed, int Bytes)> seen = [];
        IngestedSlot first = default;
        await foreach (IngestedSlot slot in driver.ReadAllAsync(
            IngestSource.NvmeRange(source, 0, Slots * SlotBlocks)))
        {
            first = seen.Count == 0 ? slot : first;
            seen.Add((slot.OffsetBytes, slot.Error is not null, slot.ByteCount + slot.MissingByteCount));
            Assert.Equal(seen.Count == Slots, slot.IsLast);
            if (slot.Error is { } error)
            {
                Assert.Equal(0, slot.ByteCount);
                var thrown = ThrownByBytes(slot);
                Assert.Same(error, thrown.InnerException);
                Assert.Contains($"offset {slot.OffsetBytes} ", thrown.Message);
                ThrowsAsGivenBack(first);
            }
            else
            {
                Assert.Equal(SlotBytes, slot.Bytes.Length);
            }
        }
        Assert.Equal(
            Enumerable.Range(0, Slots).Select(i => ((long)i * SlotBytes, i is 2 or Slots - 1, SlotBytes)),
            seen);

        // A loop that is left gives back what it had, and no position that was never its own.
        await foreach (IngestedSlot slot in driver.ReadAllAsync(
            IngestSource.NvmeRange(source, 0, 20 * SlotBlocks)))
        {
            if (slot.Error is not null)
            {
                break;
            }
        }
        int count = 0;
        await foreach (IngestedSlot slot in driver.ReadAllAsync(
            IngestSource.NvmeRange(source, 0, 20 * SlotBlocks)))
        {
            count++;
        }
        Assert.Equal(20, count);

        static void ThrowsAsGivenBack(IngestedSlot slot) =>
            Assert.Throws<InvalidOperationException>(() => { _ = slot.Bytes; });

        static IngestException ThrownByBytes(IngestedSlot slot) =>
            Assert.Throws<IngestException>(() => { _ = slot.Bytes; });
    }

    [Fact]
    public void A_number_below_zero_is_refused() => Assert.Equal(
        nameof(IngestOptions.FailedSlotsMax),
        Assert.Throws<ArgumentOutOfRangeException>(
            () => NvmeGpuIngestDriver.Open(new IngestOptions { FailedSlotsMax = -1 })).ParamName);

    private static NvmeGpuIngestDriver Open(
        FaultyReads faults, int failedSlotsMax, bool isInOrder = true, int depthMax = 16) =>
        PolledDriver.Open(
            PolledDriver.Options with
            {
                FailedSlotsMax = failedSlotsMax,
                PublishInOrder = isInOrder,
                DepthMax = depthMax,
            },
            faults);

    /// <summary>Notes what it is told.</summary>
    private sealed class Listener : ISlotConsumer
    {
        public List<(long, bool, int, int, bool, bool)> Seen { get; } = [];

        public void Consume(in PublishedSlot slot) => Seen.Add((
            slot.OffsetBytes, slot.IsFailed, slot.Bytes.Length, slot.MissingByteCount, slot.IsLast,
            slot.IsAbandoned));
    }
}
