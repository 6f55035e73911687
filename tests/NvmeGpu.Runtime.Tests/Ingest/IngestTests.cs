using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

public class IngestTests
{
    public IngestTests() => RingRequirement.Met();

    public static TheoryData<long, bool> Lengths()
    {
        var data = new TheoryData<long, bool>();
        foreach (bool isDirect in new[] { false, true })
        {
            foreach (long length in new long[] { 0, 1, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_536,
                65_537, 5_000_011 })
            {
                data.Add(length, isDirect);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_the_consumer_saw_is_the_file(long lengthBytes, bool isDirect)
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", lengthBytes);
        var consumer = new HashingConsumer();
        NvmeGpuIngestTelemetry telemetry;
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions
        {
            SlotCount = 4,
            SlotSizeBytes = 64 << 10,
            DirectIo = isDirect,
        }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.File(path));
            telemetry = driver.Telemetry;
        }

        Assert.Empty(consumer.Mistakes);
        Assert.Equal(HashOf(path), Assert.Single(consumer.Hashes).Value);
        Assert.Equal(lengthBytes, telemetry.BytesPublished);
        Assert.Equal(telemetry.ReadsSubmitted, telemetry.ReadsCompleted);
        Assert.Equal(telemetry.SlotsPublished, telemetry.SlotsConsumed);
        Assert.Equal(1, telemetry.SourcesCompleted);
        if (isDirect)
        {
            telemetry.ValidateCompletedZeroCopy();
        }
        else
        {
            Assert.Contains("--direct",
                Assert.Throws<InvalidOperationException>(telemetry.ValidateCompletedZeroCopy).Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8193)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(5_000_011)]
    public void Files_are_read_into_peer_memory_whole_with_their_unaligned_tail(long lengthBytes)
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", lengthBytes);
        var consumer = new HashingConsumer();
        var memory = new PeerMemoryOfHost();
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions
        {
            ReadPath = NativeReadPath.PeerDirectFileRead,
            Memory = memory,
            SlotCount = 4,
            SlotSizeBytes = 64 << 10,
        }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            Assert.Equal(NativeReadPath.PeerDirectFileRead, driver.ReadPath);
            driver.Ingest(IngestSource.File(path));
            Assert.Equal(lengthBytes, driver.Telemetry.BytesPublished);
            driver.Telemetry.ValidateCompletedZeroCopy(); // with O_DIRECT, although nobody asked for it
        }
        Assert.Empty(consumer.Mistakes);
        Assert.Equal(HashOf(path), Assert.Single(consumer.Hashes).Value);
    }

    [Fact]
    public void A_thread_of_the_kernel_may_take_the_reads()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 3_000_001);
        var consumer = new HashingConsumer();
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions { UseSubmissionPolling = true }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            Assert.True(driver.Features.Has("IORING_SETUP_SQPOLL"));
            driver.Ingest(IngestSource.File(path));
        }
        Assert.Empty(consumer.Mistakes);
        Assert.Equal(HashOf(path), Assert.Single(consumer.Hashes).Value);
        Assert.Throws<ArgumentException>(
            () => NvmeGpuIngestDriver.Open(new IngestOptions { UseCompletionPolling = true }));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(64, 16)]
    public void Many_files_are_read_whole_and_in_order(int slotCount, int depth)
    {
        using var folder = new TemporaryFolder();
        List<string> paths = [];
        for (int i = 0; i < 500; i++)
        {
            paths.Add(TestFile.Create(folder, $"f{i:000}", i * 37 % 20_000, seed: (ulong)i));
        }
        var consumer = new HashingConsumer();
        List<CompletedIngest> completed = [];
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions
        {
            SlotCount = slotCount,
            SlotSizeBytes = 8192,
            DepthMax = depth,
        }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(IngestSource.Directory(folder.FullPath), completed.Add);
        }

        Assert.Empty(consumer.Mistakes);
        Assert.Equal(paths, completed.Where(c => c.IsLast).Select(c => c.Path));
        for (int i = 0; i < paths.Count; i++)
        {
            Assert.Equal(HashOf(paths[i]), consumer.Hashes[(uint)i]);
        }
    }

    [Fact]
    public void Several_workers_see_every_byte_once_when_order_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 3_000_001);
        var seen = new byte[3_000_001];
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions
        {
            SlotCount = 8,
            SlotSizeBytes = 4096,
            PublishInOrder = false,
        }))
        using (new HostMegakernel(driver.Queue, new CopyingConsumer(seen), workerCount: 3))
        {
            driver.Ingest(IngestSource.File(path));
        }
        Assert.Equal(File.ReadAllBytes(path), seen);
    }

    [Fact]
    public void A_caller_can_poll_and_give_slots_back_itself()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 100_001);
        using var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 3, SlotSizeBytes = 4096 });
        Assert.Equal(0, driver.SubmitFile(path, tag: 42));

        using var bytes = new MemoryStream();
        var completed = new CompletedIngest[8];
        bool isDone = false;
        while (!isDone)
        {
            int count = driver.PollCompletions(completed);
            foreach (CompletedIngest slot in completed.AsSpan(0, count))
            {
                Assert.Equal(IngestStatus.Published, slot.Status);
                Assert.Equal(42, slot.Tag);
                Assert.Equal(bytes.Length, slot.OffsetBytes);
                bytes.Write(driver.BytesOf(slot.Slot));
                driver.Release(slot.Slot);
                Assert.Throws<InvalidOperationException>(() => { _ = driver.BytesOf(slot.Slot); });
                isDone |= slot.IsLast;
            }
            if (count == 0)
            {
                driver.WaitForProgress(TimeSpan.FromSeconds(1));
            }
        }
        Assert.Equal(File.ReadAllBytes(path), bytes.ToArray());
    }

    [Fact]
    public void One_source_that_cannot_be_read_does_not_end_the_others()
    {
        using var folder = new TemporaryFolder();
        string good = TestFile.Create(folder, "good", 10_000);
        string missing = folder.PathOf("missing");
        var consumer = new HashingConsumer();
        List<CompletedIngest> completed = [];
        using (var driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { SlotCount = 2, SlotSizeBytes = 4096 }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            driver.Ingest(
                IngestSource.Items(
                    [new(good), new(missing), new(folder.FullPath), new("/proc/cpuinfo"), new(good)]),
                completed.Add);
            Assert.Equal(2, driver.Telemetry.SourcesCompleted);
            Assert.Equal(3, driver.Telemetry.SourcesFailed);
        }

        Assert.Equal([HashOf(good), HashOf(good)], consumer.Hashes.OrderBy(h => h.Key).Select(h => h.Value));
        CompletedIngest[] failed =
            [.. completed.Where(c => c.Status == IngestStatus.Failed).OrderBy(c => c.Source)];
        Assert.Contains("no such file", failed[0].Error!.Message);
        Assert.Contains("is a directory", failed[1].Error!.Message);
        Assert.Contains("size is said to be 0", failed[2].Error!.Message);
    }

    internal static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    private sealed class CopyingConsumer(byte[] target) : ISlotConsumer
    {
        public void Consume(in PublishedSlot slot) => slot.Bytes.CopyTo(target.AsSpan((int)slot.OffsetBytes));
    }
}
