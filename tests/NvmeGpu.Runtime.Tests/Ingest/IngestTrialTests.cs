using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.Runtime.Tests.Nvme;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Nothing is published from another device's memory before a read has been seen to arrive there.
/// </summary>
public sealed class IngestTrialTests : IDisposable
{
    private const int SlotBytes = 64 << 10;

    private readonly TemporaryFolder _folder = new();
    private readonly List<(long StartBytes, int LengthBytes, string Path)> _trials = [];
    private CapabilityOutcome _outcome = CapabilityOutcome.Proven;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CapabilityOutcome.Missing)]
    [InlineData(CapabilityOutcome.CannotTell)]
    public void A_drive_that_is_not_proven_is_not_read(CapabilityOutcome outcome)
    {
        RingRequirement.Met();
        _outcome = outcome;
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = OpenForRanges();
        driver.SubmitNativeNvmeRead(source, 0, 100, tag: 7);

        CompletedIngest failed = Assert.Single(Poll(driver));
        Assert.Equal((IngestStatus.Failed, 7, true), (failed.Status, failed.Tag, failed.IsLast));
        Assert.Contains("no trial read has proven", failed.Error!.Message);
        Assert.Contains("of the trial", failed.Error.Message);
        Assert.Equal(0, driver.Telemetry.ReadsSubmitted);
        Assert.Equal(1, driver.Telemetry.SourcesFailed);

        // Not for ever: the next one is tried again, and every slot is still there.
        _outcome = CapabilityOutcome.Proven;
        driver.SubmitNativeNvmeRead(source, 0, 2 * 4 * SlotBytes / 512);
        Assert.Equal(8, Poll(driver).Count(one => one.Status == IngestStatus.Published));
        Assert.Equal(2, _trials.Count);
    }

    [Fact]
    public void A_namespace_is_tried_once_in_a_slot_that_is_free_and_again_when_it_was_forgotten()
    {
        RingRequirement.Met();
        using NvmeNamespace first = FakeNamespace.OnNull();
        using NvmeNamespace second = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = OpenForRanges();
        driver.SubmitNativeNvmeRead(first, 0, 2 * SlotBytes / 512);
        List<CompletedIngest> held = Poll(driver, isReleased: false, count: 2);
        driver.SubmitNativeNvmeRead(second, 0, 2 * SlotBytes / 512);
        driver.SubmitNativeNvmeRead(first, 0, 2 * SlotBytes / 512);
        held.AddRange(Poll(driver, isReleased: false, count: 2));

        Assert.Equal(2, _trials.Count);
        Assert.All(
            _trials,
            trial => Assert.Equal((0, SlotBytes), (trial.StartBytes % SlotBytes, trial.LengthBytes)));
        Assert.DoesNotContain(
            _trials[1].StartBytes / SlotBytes, held.Take(2).Select(one => (long)one.Slot.Value));
        foreach (CompletedIngest one in held)
        {
            driver.Release(one.Slot);
        }
        Assert.Equal(2, Poll(driver).Count); // of the first again
        Assert.Equal(2, _trials.Count);

        // More namespaces than fit: the first ones make room, and with the registration goes the proof.
        for (int i = 0; i < NvmeGpuIngestDriver.OpenSourcesMax; i++)
        {
            using NvmeNamespace other = FakeNamespace.OnNull();
            driver.SubmitNativeNvmeRead(other, 0, 1);
            Assert.Single(Poll(driver));
        }
        int before = _trials.Count;
        driver.SubmitNativeNvmeRead(first, 0, 1);
        Assert.Single(Poll(driver));
        Assert.Equal(before + 1, _trials.Count);
    }

    [Fact]
    public void Host_memory_needs_no_trial()
    {
        RingRequirement.Met();
        _outcome = CapabilityOutcome.Missing;
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
            new IngestOptions
            {
                ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
                SlotCount = 4,
                SlotSizeBytes = SlotBytes,
            },
            Try);
        driver.SubmitNativeNvmeRead(source, 0, 1);
        Assert.Equal(IngestStatus.Published, Assert.Single(Poll(driver)).Status);
        Assert.Empty(_trials);
    }

    /// <summary>
    /// The drive may still write into the slot, so that none is published any more: not even others'.
    /// </summary>
    [Fact]
    public void After_a_trial_that_never_ended_the_driver_fills_no_slot()
    {
        RingRequirement.Met();
        var lost = new IoUringException("A trial read", AttachedTrial.LostErrno, "No answer.");
        using NvmeNamespace good = FakeNamespace.OnNull();
        using NvmeNamespace stalled = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
            Options(NativeReadPath.GpuDirectNvmePassthrough),
            (_, _, _, source) => source.Namespace == stalled ? throw lost : (CapabilityOutcome.Proven, ""));
        driver.SubmitNativeNvmeRead(good, 0, 1);
        Assert.Equal(IngestStatus.Published, Assert.Single(Poll(driver)).Status);
        driver.SubmitNativeNvmeRead(stalled, 0, 1);
        driver.SubmitNativeNvmeRead(good, 0, 1);
        for (int i = 0; i < 3; i++)
        {
            var failure = Assert.Throws<IoUringException>(
                () => driver.PollCompletions(new CompletedIngest[4]));
            Assert.Equal((lost.Operation, lost.Errno), (failure.Operation, failure.Errno));
        }
        Assert.Equal(1, driver.Telemetry.ReadsSubmitted);
    }

    /// <summary>
    /// Commands to /dev/null succeed and bring nothing, as reads behind an IOMMU may: with the real trial.
    /// </summary>
    [Fact]
    public void A_drive_that_reports_success_and_brings_nothing_is_not_read()
    {
        RingRequirement.Met();
        using NvmeNamespace source = FakeNamespace.OnNull();
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options(NativeReadPath.GpuDirectNvmePassthrough));
        driver.SubmitNativeNvmeRead(source, 0, 100);
        CompletedIngest failed = Assert.Single(Poll(driver));
        Assert.Equal(IngestStatus.Failed, failed.Status);
        Assert.Contains("no trial read has proven", failed.Error!.Message);
    }

    /// <summary>With the real trial, into host memory that says that it is a device's.</summary>
    [Fact]
    public void Files_prove_their_drive_unless_they_are_too_short_or_all_alike()
    {
        RingRequirement.Met();
        string zeros = _folder.PathOf("zeros");
        File.WriteAllBytes(zeros, new byte[100_000]);
        using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(Options(NativeReadPath.PeerDirectFileRead));
        foreach ((string path, string? reason) in new[]
        {
            (TestFile.Create(_folder, "short", 100), "fewer than two blocks"),
            (zeros, "alike"),
            (TestFile.Create(_folder, "empty", 0), null),
            (TestFile.Create(_folder, "long", 100_000), null),
        })
        {
            driver.SubmitFile(path);
            CompletedIngest last = Poll(driver)[^1];
            if (reason is null)
            {
                Assert.True(last.Status == IngestStatus.Published, $"{path}: {last.Error}");
            }
            else
            {
                Assert.Contains(reason, last.Error!.Message);
            }
        }
    }

    /// <summary>There is no room behind the block that would be watched.</summary>
    [Fact]
    public void Slots_of_one_page_can_be_proven()
    {
        RingRequirement.Met();
        using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(
            Options(NativeReadPath.PeerDirectFileRead) with { SlotSizeBytes = 4096 });
        driver.SubmitFile(TestFile.Create(_folder, "data", 100_000));
        CompletedIngest last = Poll(driver)[^1];
        Assert.True(last.Status == IngestStatus.Published, $"{last.Error}");
    }

    private static IngestOptions Options(NativeReadPath path) => new()
    {
        ReadPath = path,
        Memory = new PeerMemoryOfHost(),
        SlotCount = 4,
        SlotSizeBytes = SlotBytes,
    };

    private NvmeGpuIngestDriver OpenForRanges() =>
        NvmeGpuIngestDriver.Open(Options(NativeReadPath.GpuDirectNvmePassthrough), Try);

    private (CapabilityOutcome, string) Try(
        GpuMappedBuffer slots, long startBytes, int lengthBytes, OpenSource source)
    {
        _trials.Add((startBytes, lengthBytes, source.Path));
        return (_outcome, "The outcome of the trial.");
    }

    /// <summary>Until nothing is left, or until that many were published and kept.</summary>
    private static List<CompletedIngest> Poll(
        NvmeGpuIngestDriver driver, bool isReleased = true, int count = int.MaxValue)
    {
        List<CompletedIngest> all = [];
        var completed = new CompletedIngest[4];
        for (int idle = 0; !driver.IsIdle && all.Count < count && idle < 100;)
        {
            int some = driver.PollCompletions(completed);
            for (int i = 0; i < some; i++)
            {
                all.Add(completed[i]);
                if (isReleased && completed[i].Status == IngestStatus.Published)
                {
                    driver.Release(completed[i].Slot);
                }
            }
            if (some == 0 && !driver.WaitForProgress(TimeSpan.FromSeconds(1)))
            {
                idle++;
            }
        }
        return all;
    }
}
