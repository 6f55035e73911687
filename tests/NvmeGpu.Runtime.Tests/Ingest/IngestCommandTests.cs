using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Nvme;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Ranges of blocks through the driver, on /dev/null, which completes every command at once with 0 and brings
/// nothing: what is asked for, what is accounted for, what is refused. The bytes are the VM lab's to check.
/// </summary>
public class IngestCommandTests
{
    private const int SlotBytes = 64 << 10;

    public IngestCommandTests()
    {
        RingRequirement.Met();
        Requirement.That(
            Environment.OSVersion.Version >= new Version(6, 1), "/dev/null takes commands since Linux 6.1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_range_is_split_at_slots_and_at_what_a_command_may_transfer(bool isPeer)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(transferBytesMax: 16 << 10);
        using NvmeGpuIngestDriver driver = Open(isPeer: isPeer);
        long number = driver.SubmitNativeNvmeRead(source, 8, 300, tag: 5);
        List<CompletedIngest> completed = PolledDriver.PollToIdle(driver);

        Assert.Equal([0L, SlotBytes, 2 * SlotBytes], completed.Select(slot => slot.OffsetBytes));
        Assert.Equal([SlotBytes, SlotBytes, 22_528], completed.Select(slot => slot.ByteCount));
        Assert.Equal([false, false, true], completed.Select(slot => slot.IsLast));
        Assert.All(completed, slot => Assert.Equal(
            (number, 5L, source.DevicePath, IngestStatus.Published),
            (slot.Source, slot.Tag, slot.Path, slot.Status)));
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(4 + 4 + 2, telemetry.ReadsSubmitted);
        Assert.Equal(10, telemetry.ReadsCompleted);
        Assert.Equal(300 * 512, telemetry.BytesRead);
        Assert.Equal(300 * 512, telemetry.BytesPublished);
        Assert.Equal(0, telemetry.ShortReads);
        telemetry.ValidateCompletedZeroCopy();
    }

    /// <summary>Pages that may lie anywhere take a segment each, and there is a limit on these.</summary>
    [Fact]
    public void Commands_into_memory_other_than_huge_pages_are_shorter()
    {
        using NvmeNamespace source =
            FakeNamespace.OnNull(transferBytesMax: 16 << 10, scatteredBytesMax: 8 << 10);
        using NvmeGpuIngestDriver driver = Open(isPeer: true);
        driver.SubmitNativeNvmeRead(source, 0, SlotBytes / 512);
        Assert.Single(PolledDriver.PollToIdle(driver));
        Assert.Equal(SlotBytes / (8 << 10), driver.Telemetry.ReadsSubmitted);
    }

    [Fact]
    public void A_namespace_that_is_read_from_stays_when_others_make_room()
    {
        using NvmeNamespace first = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(Options with { DepthMax = 1 });
        driver.SubmitNativeNvmeRead(first, 0, 1); // the oldest of all
        Assert.Single(PolledDriver.PollToIdle(driver));
        for (int i = 1; i < NvmeGpuIngestDriver.OpenSourcesMax; i++)
        {
            using NvmeNamespace other = FakeNamespace.OnNull();
            driver.SubmitNativeNvmeRead(other, 0, 1);
            Assert.Single(PolledDriver.PollToIdle(driver));
        }
        driver.SubmitNativeNvmeRead(first, 0, 3 * SlotBytes / 512);
        Assert.Equal(0, driver.PollCompletions([])); // only the first of three reads has begun
        using NvmeNamespace last = FakeNamespace.OnNull();
        driver.SubmitNativeNvmeRead(last, 0, 1);
        List<CompletedIngest> all = PolledDriver.PollToIdle(driver);
        Assert.All(all, one => Assert.True(one.Status == IngestStatus.Published, $"{one.Error}"));
        Assert.Equal(4, all.Count);
    }

    [Fact]
    public void Slots_hold_whole_blocks_of_any_size()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(512, 8, isExtended: true, lengthLbas: 1000);
        using NvmeGpuIngestDriver driver = Open();
        driver.SubmitNativeNvmeRead(source, 0, 1000);
        List<CompletedIngest> completed = PolledDriver.PollToIdle(driver);
        const int PerSlot = SlotBytes / 520;
        Assert.All(completed.SkipLast(1), slot => Assert.Equal(PerSlot * 520, slot.ByteCount));
        Assert.Equal(1000 * 520, completed.Sum(slot => slot.ByteCount));
    }

    [Fact]
    public void Metadata_apart_takes_room_at_the_end_of_each_slot()
    {
        using NvmeNamespace source =
            FakeNamespace.OnNull(512, 8, lengthLbas: 1000, scatteredBytesMax: 16 << 10);
        using NvmeGpuIngestDriver driver = Open();
        driver.SubmitNativeNvmeRead(source, 0, 1000);
        List<CompletedIngest> completed = PolledDriver.PollToIdle(driver);
        // 32 blocks per command, whose 256 bytes of metadata cost the slot its last block.
        const int PerSlot = (SlotBytes / 512) - 1;
        Assert.All(completed.SkipLast(1), slot => Assert.Equal(PerSlot * 512, slot.ByteCount));
        Assert.Equal(1000 * 512, completed.Sum(slot => slot.ByteCount));
        Assert.Equal(32, driver.Telemetry.ReadsSubmitted);
    }

    [Theory]
    [InlineData(512, 8, 4096, 1 << 20, 3584, 3584, 4096 - 56)]
    [InlineData(4096, 8, 4096, 1 << 20, 0, 0, 0)]
    [InlineData(4096, 8, 8192, 1 << 20, 4096, 4096, 8192 - 8)]
    [InlineData(4096, 64, 1 << 20, 128 << 10, (1 << 20) - 4096, 128 << 10, (1 << 20) - 2048)]
    [InlineData(512, 1, 4096, 512, 3584, 512, 4092)] // at a multiple of 4
    [InlineData(512, 0, 4096, 1 << 20, 4096, 1 << 20, 0)]
    public void Data_and_metadata_of_a_command_share_the_slot(
        int dataBytes, int metadataBytes, int slotBytes, int transferBytes, int slotMax, int commandMax,
        int start)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(dataBytes, metadataBytes);
        CommandLayout layout = CommandLayout.Of(source, slotBytes, transferBytes);
        Assert.Equal(new CommandLayout(slotMax, commandMax, start), layout);
    }

    [Fact]
    public void Metadata_apart_is_refused_where_it_has_no_room_and_by_peer_memory()
    {
        using NvmeNamespace apart = FakeNamespace.OnNull(64 << 10, 8);
        using NvmeGpuIngestDriver driver = Open();
        Assert.Contains(
            "65536 bytes and 8 of metadata, and a slot only 65536", Assert.Throws<IngestException>(
                () => driver.SubmitNativeNvmeRead(apart, 0, 1)).Message);
        using NvmeGpuIngestDriver peer = Open(isPeer: true);
        using NvmeNamespace small = FakeNamespace.OnNull(512, 8);
        Assert.Contains("into host memory only", Assert.Throws<IngestException>(
            () => peer.SubmitNativeNvmeRead(small, 0, 1)).Message);
        Assert.True(driver.IsIdle && peer.IsIdle);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_whole_namespace_reaches_a_megakernel_in_order(bool isPeer)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(4096, lengthLbas: 1000);
        var consumer = new HashingConsumer();
        using (NvmeGpuIngestDriver driver = Open(isPeer: isPeer))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.NvmeRange(source));
            Assert.Equal(1000 * 4096, driver.Telemetry.BytesPublished);
            Assert.Equal(driver.Telemetry.SlotsPublished, driver.Telemetry.SlotsConsumed);
        }
        Assert.Empty(consumer.Mistakes);
        Assert.Single(consumer.Hashes);
    }

    [Fact]
    public void Peer_memory_is_looked_at_in_copies_of_the_right_slot()
    {
        var memory = new PeerMemoryOfHost();
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options with { Memory = memory }, Trusting);
        Assert.Equal(1, memory.AllocationCount); // the queue's entries are the CPU's to load
        Assert.Contains("another device", driver.ReadPathReason);
        driver.SubmitNativeNvmeRead(source, 0, 4 * SlotBytes / 512);
        int count = 0;
        PolledDriver.PollToIdle(driver, slot =>
        {
            ReadOnlySpan<byte> bytes = driver.BytesOf(slot.Slot);
            Assert.Equal(SlotBytes, bytes.Length);
            for (int i = 0; i < bytes.Length; i++)
            {
                Assert.Equal(PeerMemoryOfHost.PatternAt(((long)slot.Slot.Value * SlotBytes) + i), bytes[i]);
            }
            count++;
        });
        Assert.Equal(4, count);
    }

    [Fact]
    public void A_copy_of_memory_that_is_gone_is_an_exception_and_no_signal()
    {
        using var copy = new PeerMemoryCopy(8192);
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
        nint address = buffer.Address;
        Assert.Equal(new byte[8192], copy.Of(address, 8192).ToArray());
        buffer.Dispose();
        Assert.Contains("EFAULT", Assert.Throws<IOException>(() => { copy.Of(address, 8192); }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => { copy.Of(address, 8193); });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1001)]
    [InlineData(1000, 1)]
    [InlineData(999, 2)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(1, ulong.MaxValue)]
    public void A_range_that_is_not_inside_is_refused_and_fails_alone(ulong lba, ulong blocks)
    {
        using NvmeNamespace source = FakeNamespace.OnNull(lengthLbas: 1000);
        using (NvmeGpuIngestDriver driver = Open())
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => driver.SubmitNativeNvmeRead(source, lba, blocks));
            Assert.True(driver.IsIdle);
        }
        List<CompletedIngest> failed = [];
        using (NvmeGpuIngestDriver driver = Open())
        using (new HostMegakernel(driver.Queue, new HashingConsumer()))
        {
            driver.Ingest(
                IngestSource.Items(
                [
                    IngestItem.NvmeRange(source, lba, blocks, 1), IngestItem.NvmeRange(source, 0, 1000, 2),
                ]),
                completed =>
                {
                    if (completed.Status != IngestStatus.Published)
                    {
                        failed.Add(completed);
                    }
                });
            Assert.Equal((1, 1), (driver.Telemetry.SourcesFailed, driver.Telemetry.SourcesCompleted));
        }
        Assert.IsType<IngestException>(Assert.Single(failed).Error);
        Assert.Equal(1, failed[0].Tag);
    }

    [Fact]
    public void What_does_not_belong_to_the_path_is_refused_in_a_sentence()
    {
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeNamespace large = FakeNamespace.OnNull(128 << 10);
        using NvmeGpuIngestDriver driver = Open();
        // A file has to lie on an NVMe drive.
        Assert.Contains("Passthrough needs", Assert.Throws<IngestException>(
            () => driver.SubmitFile("/proc/self/status", 10)).Message);
        Assert.Contains("Passthrough needs", Assert.Throws<IngestException>(
            () => driver.SubmitFile("/dev/zero", 4096)).Message);
        Assert.Contains("slot", Assert.Throws<IngestException>(
            () => driver.SubmitNativeNvmeRead(large, 0, 1)).Message);
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => driver.SubmitNativeNvmeRead(source, 0, 1));
        Assert.True(driver.IsIdle);
        Assert.Equal(0, driver.Telemetry.ReadsSubmitted);

        using NvmeGpuIngestDriver files = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2 });
        Assert.Contains(
            nameof(NativeReadPath.GpuDirectNvmePassthrough), Assert.Throws<InvalidOperationException>(
                () => files.SubmitNativeNvmeRead(large, 0, 1)).Message);
    }

    [Fact]
    public void Peer_memory_is_never_registered_and_host_memory_is_no_peer()
    {
        foreach (NativeReadPath? path in new NativeReadPath?[] { null, NativeReadPath.RegisteredMappedRead })
        {
            var refused = Assert.Throws<NotSupportedException>(() => NvmeGpuIngestDriver.Open(
                Options with { ReadPath = path, Memory = new PeerMemoryOfHost() }));
            Assert.Contains(nameof(NativeReadPath.GpuDirectNvmePassthrough), refused.Message);
        }
        Assert.Contains("host memory", Assert.Throws<NotSupportedException>(() => NvmeGpuIngestDriver.Open(
            Options with
            {
                ReadPath = NativeReadPath.PeerDirectFileRead,
                Memory = HostMemoryProvider.Shared,
            })).Message);
    }

    [Fact]
    public void An_errno_fails_its_range_with_the_cause_and_no_slot_is_lost()
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(TestFile.Create(folder, "data", 8192));
        using var broken = new NvmeNamespace(
            handle, "/dev/ng9n1", 1, new NamespaceFormat(10_000, 512, 0, false, 0),
            new NamespaceLimits(1 << 20, 1 << 20, null), [], false, 0);
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = Open();
        for (int round = 0; round < 3; round++)
        {
            driver.SubmitNativeNvmeRead(broken, 16, 2000, tag: 1);
            driver.SubmitNativeNvmeRead(source, 0, 2000, tag: 2);
            List<CompletedIngest> completed = PolledDriver.PollToIdle(driver);
            CompletedIngest failed = completed.Single(slot => slot.Status == IngestStatus.Failed);
            var error = Assert.IsType<IngestException>(failed.Error);
            Assert.Equal((1L, "/dev/ng9n1"), (failed.Tag, error.Path));
            Assert.Contains("LBA 16", error.Message);
            Assert.Equal(Libc.EOPNOTSUPP, Assert.IsType<NvmeException>(error.InnerException).Errno);
            Assert.Equal(2000 * 512, completed.Where(slot => slot.Tag == 2).Sum(slot => slot.ByteCount));
        }
        Assert.Equal(0, driver.Telemetry.Retries);
    }

    [Fact]
    public void A_namespace_that_is_disposed_meanwhile_fails_and_no_slot_is_lost()
    {
        using NvmeGpuIngestDriver driver = Open();
        NvmeNamespace source = FakeNamespace.OnNull();
        driver.SubmitNativeNvmeRead(source, 0, 100_000);
        bool isFirst = true;
        List<CompletedIngest> completed = PolledDriver.PollToIdle(driver, _ =>
        {
            if (isFirst)
            {
                source.Dispose();
            }
            isFirst = false;
        });
        Assert.Contains("disposed", Assert.IsType<IngestException>(completed[^1].Error).Message);
        using NvmeNamespace next = FakeNamespace.OnNull();
        driver.SubmitNativeNvmeRead(next, 0, 100_000);
        Assert.Equal(100_000 * 512L, PolledDriver.PollToIdle(driver).Sum(slot => (long)slot.ByteCount));
    }

    [Fact]
    public void More_namespaces_than_the_ring_has_places_are_read_one_after_the_other()
    {
        using NvmeGpuIngestDriver driver = Open();
        using NvmeNamespace first = FakeNamespace.OnNull();
        for (int i = 0; i < NvmeGpuIngestDriver.OpenSourcesMax + 10; i++)
        {
            using NvmeNamespace source = FakeNamespace.OnNull();
            driver.SubmitNativeNvmeRead(source, 0, 1);
            driver.SubmitNativeNvmeRead(first, 0, 1);
            Assert.All(
                PolledDriver.PollToIdle(driver), slot => Assert.Equal(IngestStatus.Published, slot.Status));
        }
    }

    [Fact]
    public void A_cancelled_range_ends_when_every_command_has_ended()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(lengthLbas: 1UL << 40);
        using NvmeGpuIngestDriver driver = Open();
        using var megakernel = new HostMegakernel(driver.Queue, new HashingConsumer());
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => driver.Ingest(
            IngestSource.NvmeRange(source), completed => cancel.Cancel(), cancel.Token));
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            telemetry.ReadsSubmitted,
            telemetry.ReadsCompleted + telemetry.ReadsFailed + telemetry.ReadsCancelled);
        driver.Ingest(IngestSource.NvmeRange(source, 0, 100));
        Assert.Equal(1, driver.Telemetry.SourcesCompleted);
    }

    [Fact]
    public void Commands_between_free_and_published_allocate_nothing()
    {
        using NvmeNamespace source = FakeNamespace.OnNull(lengthLbas: 1UL << 40, transferBytesMax: 16 << 10);
        using NvmeGpuIngestDriver driver = Open();
        driver.SubmitNativeNvmeRead(source, 0, 1UL << 40);
        var completed = new CompletedIngest[4];
        Poll(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Poll(10_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Poll(int slots)
        {
            while (slots > 0)
            {
                int count = driver.PollCompletions(completed);
                for (int i = 0; i < count; i++)
                {
                    driver.Release(completed[i].Slot);
                }
                slots -= count;
                if (count == 0)
                {
                    _ = driver.WaitForProgress(TimeSpan.FromSeconds(1));
                }
            }
        }
    }

    [Theory]
    [InlineData(0x281, true)] // Unrecovered Read Error, without DNR
    [InlineData(0x4281, false)]
    [InlineData(0x4080, false)] // LBA Out of Range, DNR
    [InlineData(0x82, true)] // Namespace Not Ready
    [InlineData(0, false)]
    [InlineData(-Libc.EAGAIN, true)]
    [InlineData(-Libc.EINTR, false)] // given up after its time-out
    [InlineData(-Libc.EINVAL, false)]
    [InlineData(-Libc.ENODEV, false)]
    public void A_command_is_sent_again_only_when_the_drive_leaves_it_open(int result, bool isWorthwhile)
    {
        var completion = new Completion(default, result, 512, isCommand: true);
        Assert.Equal(isWorthwhile, CommandRetry.IsWorthwhile(completion, 0));
        Assert.Equal(isWorthwhile, CommandRetry.IsWorthwhile(completion, CommandRetry.CountMax - 1));
        Assert.False(CommandRetry.IsWorthwhile(completion, CommandRetry.CountMax));
    }

    private static IngestOptions Options => new()
    {
        ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
        SlotCount = 4,
        SlotSizeBytes = SlotBytes,
    };

    private static NvmeGpuIngestDriver Open(bool isPeer = false) =>
        NvmeGpuIngestDriver.Open(
            Options with { Memory = isPeer ? new PeerMemoryOfHost() : null }, Trusting);

    /// <summary>/dev/null answers commands with success and writes nothing: no trial would pass.</summary>
    private static readonly SlotTrial Trusting = (_, _, _, _) => (CapabilityOutcome.Proven, "");
}
