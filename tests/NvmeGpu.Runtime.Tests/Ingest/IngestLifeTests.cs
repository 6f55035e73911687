using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

public class IngestLifeTests
{
    private const long Endless = 1L << 40;

    public IngestLifeTests() => RingRequirement.Met();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_file_that_shrinks_while_it_is_read_is_an_error_that_names_it(bool isInOrder, bool isDirect)
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "shrinks", 1_000_000);
        var consumer = new ActingConsumer(() =>
        {
            using var file = new FileStream(path, FileMode.Open);
            file.SetLength(300_001);
        });
        List<CompletedIngest> completed = [];
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions
        {
            SlotCount = 1,
            SlotSizeBytes = 65_536,
            PublishInOrder = isInOrder,
            DirectIo = isDirect,
        }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.File(path), completed.Add);
            Assert.Equal(1, driver.Telemetry.SourcesFailed);
            Assert.Equal(0, driver.Telemetry.SourcesCompleted);
        }

        CompletedIngest failure = completed[^1];
        Assert.Equal(IngestStatus.Failed, failure.Status);
        Assert.True(failure.IsLast);
        Assert.StartsWith(path, failure.Error!.Message);
        Assert.Contains("became shorter", failure.Error.Message);
        Assert.Contains("1000000", failure.Error.Message);
        Assert.Contains("300001", failure.Error.Message);
        Assert.True(consumer.IsAbandoned);
        Assert.False(consumer.IsLastSeen);
        Assert.All(completed.SkipLast(1), slot => Assert.Equal(65_536, slot.ByteCount)); // no half slot was published
    }

    [Fact]
    public void A_consumer_that_throws_ends_the_ingest_with_its_exception()
    {
        using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096 });
        using var megakernel = new HostMegakernel(
            driver.Queue, new ActingConsumer(() => throw new InvalidDataException("not what I expected")));
        var failed = Assert.Throws<InvalidOperationException>(
            () => driver.Ingest(IngestSource.File("/dev/zero", Endless)));
        Assert.IsType<InvalidDataException>(failed.InnerException);
        Assert.Contains("not what I expected", failed.Message);
    }

    [Fact]
    public void Cancelling_drains_tells_the_consumer_and_the_driver_can_go_on()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 10_000);
        using var cancel = new CancellationTokenSource();
        var consumer = new ActingConsumer(cancel.Cancel);
        using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096 });
        using var megakernel = new HostMegakernel(driver.Queue, consumer);
        List<CompletedIngest> completed = [];

        Assert.ThrowsAny<OperationCanceledException>(() => driver.Ingest(
            IngestSource.Items([new("/dev/zero", Endless), new("/dev/zero", Endless)]), completed.Add, cancel.Token));

        Assert.True(consumer.IsAbandoned);
        Assert.True(driver.IsIdle);
        Assert.Equal(2, completed.Count(c => c.Status == IngestStatus.Cancelled));
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            telemetry.ReadsSubmitted, telemetry.ReadsCompleted + telemetry.ReadsFailed + telemetry.ReadsCancelled);
        Assert.Equal(telemetry.SlotsPublished, telemetry.SlotsConsumed);

        driver.Ingest(IngestSource.File(path), completed.Add);
        Assert.Equal(IngestStatus.Published, completed[^1].Status);
    }

    [Fact]
    public void Disposing_with_reads_in_flight_and_slots_published_waits_for_both_and_frees_the_slots()
    {
        using var pipe = new TestPipe();
        var memory = new WitnessedMemory();
        var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096, Memory = memory });
        driver.SubmitFile("/dev/zero", Endless);
        var completed = new CompletedIngest[2];
        while (driver.PollCompletions(completed) == 0)
        {
            driver.WaitForProgress(TimeSpan.FromSeconds(1));
        }
        driver.Dispose();
        Assert.All(memory.Witnesses, witness => Assert.True(witness.IsReleased));
        Assert.Equal(2, memory.Witnesses.Count);
        driver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => driver.SubmitFile("/dev/zero", 1));
        Assert.Throws<ObjectDisposedException>(() => driver.PollCompletions(completed));
    }

    [Fact]
    public void Slots_stay_mapped_while_a_megakernel_looks_at_them()
    {
        var memory = new WitnessedMemory();
        using var isLooking = new ManualResetEventSlim();
        using var mayGo = new ManualResetEventSlim();
        byte seen = 1;
        var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096, Memory = memory });
        var megakernel = new HostMegakernel(driver.Queue, new LookingConsumer(bytes =>
        {
            isLooking.Set();
            mayGo.Wait(TimeSpan.FromSeconds(20));
            seen = bytes[4095];
        }));
        driver.SubmitFile("/dev/zero", 4096);
        while (driver.PollCompletions(new CompletedIngest[1]) == 0)
        {
            driver.WaitForProgress(TimeSpan.FromSeconds(1));
        }
        Assert.True(isLooking.Wait(TimeSpan.FromSeconds(20)));
        driver.Dispose();
        Assert.All(memory.Witnesses, witness => Assert.False(witness.IsReleased));
        mayGo.Set();
        megakernel.Dispose();
        Assert.Equal(0, seen);
        Assert.All(memory.Witnesses, witness => Assert.True(witness.IsReleased));
    }

    [Fact]
    public void A_million_slots_are_read_and_given_back_without_an_allocation()
    {
        using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 64, SlotSizeBytes = 4096 });
        var completed = new CompletedIngest[64];
        driver.SubmitFile("/dev/zero", 1_010_000L * 4096);
        ReadSlots(driver, completed, 10_000); // first calls load and compile

        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = ReadSlots(driver, completed, 1_000_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(count, 999_000, 1_001_000);
        Assert.Equal(0, allocated);

        static int ReadSlots(NvmeGpuIngestDriver driver, CompletedIngest[] completed, int atLeast)
        {
            int total = 0;
            while (total < atLeast)
            {
                int count = driver.PollCompletions(completed);
                for (int i = 0; i < count; i++)
                {
                    driver.Release(completed[i].Slot);
                }
                total += count;
                if (count == 0 && !driver.WaitForProgress(TimeSpan.FromSeconds(1)) && driver.IsIdle)
                {
                    break;
                }
            }
            return total;
        }
    }

    [Fact]
    public async Task Await_foreach_brings_every_slot_and_takes_it_back()
    {
        using var folder = new TemporaryFolder();
        string[] paths =
        [
            TestFile.Create(folder, "a", 100_000), TestFile.Create(folder, "b", 0), TestFile.Create(folder, "c", 4096),
        ];
        await using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
        for (int round = 0; round < 3; round++)
        {
            var bytes = paths.ToDictionary(path => path, _ => new MemoryStream());
            IngestedSlot? previous = null;
            List<string> ended = [];
            await foreach (IngestedSlot slot in driver.ReadAllAsync(
                IngestSource.Items(paths.Select(path => new IngestItem(path)))))
            {
                if (previous is { } gone)
                {
                    Assert.Throws<InvalidOperationException>(() => { _ = gone.Bytes.Length; });
                }
                Assert.Equal(bytes[slot.Path].Length, slot.OffsetBytes);
                bytes[slot.Path].Write(slot.Bytes);
                previous = slot;
                if (slot.IsLast)
                {
                    ended.Add(slot.Path);
                }
            }
            Assert.Equal(paths, ended);
            Assert.All(paths, path => Assert.Equal(File.ReadAllBytes(path), bytes[path].ToArray()));
        }
    }

    [Fact]
    public async Task Leaving_the_loop_early_cancels_and_the_next_loop_works()
    {
        await using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
        for (int round = 0; round < 3; round++)
        {
            int count = 0;
            await foreach (IngestedSlot slot in driver.ReadAllAsync(IngestSource.File("/dev/zero", Endless)))
            {
                Assert.Equal(4096, slot.Bytes.Length);
                if (++count == 10)
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task A_failed_source_ends_the_loop_with_its_exception()
    {
        using var folder = new TemporaryFolder();
        string good = TestFile.Create(folder, "good", 4096);
        await using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
        var failed = await Assert.ThrowsAsync<IngestException>(async () =>
        {
            await foreach (IngestedSlot slot in driver.ReadAllAsync(
                IngestSource.Items([new(good), new(folder.PathOf("missing"))])))
            {
                Assert.Equal(good, slot.Path);
            }
        });
        Assert.Contains("missing", failed.Path);
    }

    [Fact]
    public async Task A_cancelled_loop_throws_and_disposing_in_the_loop_ends_it()
    {
        using var cancel = new CancellationTokenSource();
        await using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 }))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (IngestedSlot _ in driver.ReadAllAsync(
                    IngestSource.File("/dev/zero", Endless), cancel.Token))
                {
                    await cancel.CancelAsync();
                }
            });
        }

        var memory = new WitnessedMemory();
        var disposed = NvmeGpuIngestDriver.Open(
            new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096, Memory = memory });
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (IngestedSlot slot in disposed.ReadAllAsync(IngestSource.File("/dev/zero", Endless)))
            {
                disposed.Dispose();
                Assert.Equal(0, slot.Bytes[4095]); // still mapped: the loop holds it
                Assert.All(memory.Witnesses, witness => Assert.False(witness.IsReleased));
            }
        });
        Assert.All(memory.Witnesses, witness => Assert.True(witness.IsReleased));
    }

    [Fact]
    public void What_is_asked_for_wrongly_is_refused_in_words()
    {
        Assert.Contains("multiple of 4096", Assert.Throws<ArgumentException>(
            () => NvmeGpuIngestDriver.Open(new IngestOptions { SlotSizeBytes = 5000 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => NvmeGpuIngestDriver.Open(new IngestOptions { SlotSizeBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NvmeGpuIngestDriver.Open(new IngestOptions { DepthMax = 0 }));
        using var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 1, SlotSizeBytes = 4096 });
        Assert.Contains("HostMegakernel", Assert.Throws<InvalidOperationException>(
            () => driver.Ingest(IngestSource.File("/dev/zero", 1))).Message);
        Assert.Throws<InvalidOperationException>(() => driver.Release(new SlotIndex(0)));
        Assert.Throws<InvalidOperationException>(() => { _ = driver.BytesOf(new SlotIndex(7)); });
    }

    [Theory]
    [InlineData(NativeReadPath.GpuDirectNvmePassthrough)]
    [InlineData(NativeReadPath.PeerDirectFileRead)]
    public void A_path_that_is_not_there_is_refused_with_the_probes_reason(NativeReadPath path)
    {
        var refused = Assert.Throws<NotSupportedException>(
            () => NvmeGpuIngestDriver.Open(new IngestOptions { ReadPath = path }));
        Assert.Contains(path.ToString(), refused.Message);
        Assert.Contains(GpuDirectCapability.Probe().For(path).Reason, refused.Message);
    }

    private sealed class ActingConsumer(Action onFirst) : ISlotConsumer
    {
        private bool _hasActed;

        public bool IsAbandoned { get; private set; }

        public bool IsLastSeen { get; private set; }

        public void Consume(in PublishedSlot slot)
        {
            IsAbandoned |= slot.IsAbandoned;
            IsLastSeen |= slot.IsLast;
            if (!_hasActed)
            {
                _hasActed = true;
                onFirst();
            }
        }
    }

    private delegate void Look(ReadOnlySpan<byte> bytes);

    private sealed class LookingConsumer(Look look) : ISlotConsumer
    {
        public void Consume(in PublishedSlot slot) => look(slot.Bytes);
    }

    private sealed class WitnessedMemory : IPeerMemoryProvider
    {
        public string Name => "witnessed";

        public List<ReleaseWitness> Witnesses { get; } = [];

        public CapabilityCheck Probe() => HostMemoryProvider.Shared.Probe();

        public GpuMappedBuffer Allocate(long lengthBytes)
        {
            var witness = new ReleaseWitness();
            Witnesses.Add(witness);
            return witness.Wrap(HostMemoryProvider.Shared.Allocate(lengthBytes));
        }
    }
}
