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
        // no half slot was published
        Assert.All(completed.SkipLast(1), slot => Assert.Equal(65_536, slot.ByteCount));
    }

    [Fact]
    public void A_consumer_that_throws_ends_the_ingest_with_its_exception()
    {
        using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096 });
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
        using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096 });
        using var megakernel = new HostMegakernel(driver.Queue, consumer);
        List<CompletedIngest> completed = [];

        var cancelled = Assert.ThrowsAny<OperationCanceledException>(() => driver.Ingest(
            IngestSource.Items([new("/dev/zero", Endless), new("/dev/zero", Endless)]), completed.Add,
            cancel.Token));
        Assert.Equal(cancel.Token, cancelled.CancellationToken);

        Assert.True(consumer.IsAbandoned);
        Assert.True(driver.IsIdle);
        Assert.Equal(2, completed.Count(c => c.Status == IngestStatus.Cancelled));
        NvmeGpuIngestTelemetry telemetry = driver.Telemetry;
        Assert.Equal(
            telemetry.ReadsSubmitted,
            telemetry.ReadsCompleted + telemetry.ReadsFailed + telemetry.ReadsCancelled);
        Assert.Equal(telemetry.SlotsPublished, telemetry.SlotsConsumed);

        driver.Ingest(IngestSource.File(path), completed.Add);
        Assert.Equal(IngestStatus.Published, completed[^1].Status);
    }

    [Fact]
    public void Disposing_with_reads_in_flight_and_slots_published_waits_for_both_and_frees_the_slots()
    {
        using var pipe = new TestPipe();
        var memory = new WitnessedMemory();
        var driver = NvmeGpuIngestDriver.Open(
            new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096, Memory = memory });
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
        var driver = NvmeGpuIngestDriver.Open(
            new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096, Memory = memory });
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
        using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 64, SlotSizeBytes = 4096 });
        var completed = new CompletedIngest[64];
        driver.SubmitFile("/dev/zero", 1_010_000L * 4096);
        ReadSlots(driver, completed, 10_000, isWaiting: true); // first calls load and compile

        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = ReadSlots(driver, completed, 1_000_000, isWaiting: false);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(count, 999_000, 1_001_000);
        Assert.Equal(0, allocated);

        // When to wait is up to the kernel: without being told to, not even once on a good day.
        static int ReadSlots(
            NvmeGpuIngestDriver driver, CompletedIngest[] completed, int atLeast, bool isWaiting)
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
                if ((count == 0 || isWaiting) && !driver.WaitForProgress(TimeSpan.FromSeconds(1))
                    && driver.IsIdle)
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
            TestFile.Create(folder, "a", 100_000), TestFile.Create(folder, "b", 0),
            TestFile.Create(folder, "c", 4096),
        ];
        await using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
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
            Assert.Throws<InvalidOperationException>(() => { _ = previous!.Value.Bytes.Length; });
            Assert.Equal(paths, ended);
            Assert.All(paths, path => Assert.Equal(File.ReadAllBytes(path), bytes[path].ToArray()));
        }
    }

    [Fact]
    public async Task Leaving_the_loop_early_cancels_and_the_next_loop_works()
    {
        await using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
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
        await using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
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
        await using (var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 }))
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
            await foreach (IngestedSlot slot in disposed.ReadAllAsync(
                IngestSource.File("/dev/zero", Endless)))
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
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotSizeBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            NvmeGpuIngestDriver.Open(new IngestOptions { DepthMax = 0 }));
        using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 1, SlotSizeBytes = 4096 });
        Assert.Contains("HostMegakernel", Assert.Throws<InvalidOperationException>(
            () => driver.Ingest(IngestSource.File("/dev/zero", 1))).Message);
        Assert.Throws<InvalidOperationException>(() => driver.Release(new SlotIndex(0)));
        Assert.Throws<InvalidOperationException>(() => { _ = driver.BytesOf(new SlotIndex(7)); });
    }

    [Fact]
    public void After_dispose_a_slot_can_neither_be_looked_at_nor_given_back()
    {
        var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
        CompletedIngest slot = PollOne(driver);
        driver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => driver.Release(slot.Slot));
        Assert.Throws<ObjectDisposedException>(() => { _ = driver.BytesOf(slot.Slot); });
    }

    [Fact]
    public void Disposing_while_another_thread_polls_ends_that_thread_with_an_exception()
    {
        for (int round = 0; round < 50; round++)
        {
            using var driver =
                NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
            using var isPolling = new ManualResetEventSlim();
            Exception? seen = null;
            void Poll()
            {
                driver.SubmitFile("/dev/zero", Endless);
                isPolling.Set();
                var completed = new CompletedIngest[2];
                while (true)
                {
                    int count = driver.PollCompletions(completed);
                    for (int i = 0; i < count; i++)
                    {
                        driver.Release(completed[i].Slot);
                    }
                }
            }
            var owner = new Thread(() => seen = Record.Exception(Poll));
            owner.Start();
            Assert.True(isPolling.Wait(TimeSpan.FromSeconds(20)));
            driver.Dispose();
            Assert.True(owner.Join(TimeSpan.FromSeconds(20)));
            Assert.IsType<ObjectDisposedException>(seen);
        }
    }

    [Fact]
    public async Task Ingest_and_dispose_may_be_called_from_different_threads()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 10_000);
        long start = Environment.TickCount64;
        var consumer = new HashingConsumer();
        await using (var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 }))
        {
            using var megakernel = new HostMegakernel(driver.Queue, consumer);
            for (int i = 0; i < 5; i++)
            {
                var thread = new Thread(() => driver.Ingest(IngestSource.File(path)));
                thread.Start();
                Assert.True(thread.Join(TimeSpan.FromSeconds(20)));
                await Task.Yield();
            }
        }
        Assert.Equal(5, consumer.Hashes.Count);
        Assert.InRange(Environment.TickCount64 - start, 0, 10_000);
    }

    [Fact]
    public async Task Disposing_an_ingest_that_is_running_ends_it()
    {
        var driver = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
        using var isReading = new ManualResetEventSlim();
        using var megakernel = new HostMegakernel(driver.Queue, new ActingConsumer(isReading.Set));
        Task run = Task.Run(() => driver.Ingest(IngestSource.File("/dev/zero", Endless)));
        Assert.True(isReading.Wait(TimeSpan.FromSeconds(20)));
        await driver.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Beginning_to_read_and_disposing_at_the_same_time_throws_or_reads_and_frees_the_slots()
    {
        for (int round = 0; round < 100; round++)
        {
            var memory = new WitnessedMemory();
            var driver = NvmeGpuIngestDriver.Open(
                new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096, Memory = memory });
            Task reader = Task.Run(async () =>
            {
                await foreach (IngestedSlot slot in driver.ReadAllAsync(
                    IngestSource.File("/dev/zero", Endless)))
                {
                    Assert.Equal(0, slot.Bytes[0]);
                }
            });
            await driver.DisposeAsync();
            await Assert.ThrowsAsync<ObjectDisposedException>(() =>
                reader.WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.All(memory.Witnesses, witness => Assert.True(witness.IsReleased));
        }
    }

    [Fact]
    public void A_megakernel_may_be_disposed_by_several_threads_but_not_by_its_consumer()
    {
        for (int round = 0; round < 100; round++)
        {
            var memory = new WitnessedMemory();
            var driver = NvmeGpuIngestDriver.Open(
                new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096, Memory = memory });
            var megakernel = new HostMegakernel(driver.Queue, new HashingConsumer());
            Parallel.For(0, 4, _ => megakernel.Dispose());
            Assert.All(memory.Witnesses, witness => Assert.False(witness.IsReleased));
            driver.Dispose();
            Assert.All(memory.Witnesses, witness => Assert.True(witness.IsReleased));
        }

        using var own = NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 });
        HostMegakernel? itself = null;
        using var made = new ManualResetEventSlim();
        itself = new HostMegakernel(own.Queue, new ActingConsumer(() =>
        {
            made.Wait(TimeSpan.FromSeconds(20));
            itself!.Dispose();
        }));
        made.Set();
        Assert.Contains("its own consumer", Assert.Throws<InvalidOperationException>(
            () => own.Ingest(IngestSource.File("/dev/zero", 4096))).Message);
        itself.Dispose();
    }

    [Fact]
    public async Task A_megakernel_that_leaves_ends_the_ingest()
    {
        using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 64, SlotSizeBytes = 4096 });
        using var isReading = new ManualResetEventSlim();
        // Slower than the driver: there is always a next slot, and the megakernel must leave all the same.
        var megakernel = new HostMegakernel(driver.Queue, new LookingConsumer(_ =>
        {
            isReading.Set();
            Thread.SpinWait(20_000);
        }));
        Task run = Task.Run(() => driver.Ingest(IngestSource.File("/dev/zero", Endless)));
        Assert.True(isReading.Wait(TimeSpan.FromSeconds(20)));
        await Task.Run(megakernel.Dispose).WaitAsync(TimeSpan.FromSeconds(20));
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            run.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("megakernel was disposed", ended.Message);
    }

    [Fact]
    public void A_wrong_thread_and_a_wrong_length_leave_the_driver_as_it_was()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 4096);
        using (var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 }))
        {
            driver.SubmitFile(path);
            Exception? seen = null;
            var other = new Thread(() =>
                seen = Record.Exception(() => driver.PollCompletions(new CompletedIngest[1])));
            other.Start();
            other.Join();
            Assert.IsType<InvalidOperationException>(seen);
            Assert.Equal(4096, PollOne(driver, submit: false).ByteCount);
        }

        var consumer = new HashingConsumer();
        using (var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            List<CompletedIngest> completed = [];
            driver.Ingest(IngestSource.Items([new(path, -5), new(path, 0), new(path, 100)]), completed.Add);
            Assert.Equal(IngestStatus.Failed, completed.Single(c => c.Source == 0).Status);
            Assert.Equal(0, completed.Single(c => c.Source == 1).ByteCount);
            Assert.Equal(100, completed.Single(c => c.Source == 2).ByteCount);
            Assert.Equal([1u, 2u], consumer.Hashes.Keys.Order());
        }
    }

    [Fact]
    public async Task What_a_run_left_behind_does_not_turn_up_in_the_next_one()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 10_000);
        await using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 4, SlotSizeBytes = 4096 });
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (IngestedSlot _ in driver.ReadAllAsync(IngestSource.Items(Broken())))
            {
            }
        });
        List<string> seen = [];
        await foreach (IngestedSlot slot in driver.ReadAllAsync(IngestSource.File(path)))
        {
            seen.Add(slot.Path);
        }
        Assert.Equal([path, path, path], seen);

        static IEnumerable<IngestItem> Broken()
        {
            yield return new IngestItem("/dev/zero", Endless);
            throw new InvalidDataException("the list is broken");
        }
    }

    [Fact]
    public void An_entry_is_taken_in_its_own_round_only_and_dirty_memory_is_no_entry()
    {
        using GpuMappedBuffer slots = GpuMappedBuffer.AllocateHost(4096);
        using var queue = new MegakernelIoQueue(slots, [0], 4096, new DirtyMemory());
        uint round = (uint)queue.Capacity;
        Assert.False(queue.TryAcquire(0x01010101, out _));
        Assert.False(queue.TryAcquire(0, out _));

        queue.Publish(0, new MegakernelSlot { ByteCount = 7 });
        Assert.False(queue.TryAcquire(round, out _));
        Assert.True(queue.TryAcquire(0, out MegakernelSlot slot));
        Assert.Equal(7u, slot.ByteCount);
        Assert.False(queue.TryRecycle(0));
        queue.Complete(0);
        Assert.True(queue.TryRecycle(0));
        Assert.False(queue.TryAcquire(0, out _));
    }

    private static CompletedIngest PollOne(NvmeGpuIngestDriver driver, bool submit = true)
    {
        if (submit)
        {
            driver.SubmitFile("/dev/zero", Endless);
        }
        var completed = new CompletedIngest[1];
        for (int i = 0; i < 100; i++)
        {
            if (driver.PollCompletions(completed) == 1)
            {
                return completed[0];
            }
            driver.WaitForProgress(TimeSpan.FromSeconds(1));
        }
        throw new TimeoutException("No slot came.");
    }

    private sealed class DirtyMemory : IPeerMemoryProvider
    {
        public string Name => "dirty";

        public CapabilityCheck Probe() => HostMemoryProvider.Shared.Probe();

        public unsafe GpuMappedBuffer Allocate(long lengthBytes)
        {
            GpuMappedBuffer buffer = HostMemoryProvider.Shared.Allocate(lengthBytes);
            new Span<byte>((void*)buffer.Address, (int)lengthBytes).Fill(1);
            return buffer;
        }
    }

    [Fact]
    public void A_path_that_is_not_there_is_refused_with_the_probes_reason()
    {
        const NativeReadPath path = NativeReadPath.PeerDirectFileRead;
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
