using System;
using System.Collections.Generic;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>What a driver reads by and into, as asked for and as trial reads came out.</summary>
public sealed class ReadPathPlanTests : IDisposable
{
    private const NativeReadPath Commands = NativeReadPath.GpuDirectNvmePassthrough;

    private static readonly PeerMemoryOfHost s_proven = new();

    private readonly TemporaryFolder _folder = new();
    private readonly List<NativeReadPath> _tried = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, true, NativeReadPath.PeerDirectFileRead, true)]
    [InlineData(null, false, NativeReadPath.RegisteredMappedRead, false)]
    [InlineData(NativeReadPath.PeerDirectFileRead, true, NativeReadPath.PeerDirectFileRead, true)]
    [InlineData(Commands, true, Commands, true)]
    [InlineData(Commands, false, Commands, false)]
    public void A_trial_of_the_target_decides_what_was_left_open(
        NativeReadPath? asked, bool isProven, NativeReadPath expected, bool isPeer)
    {
        string path = TestFile.Create(_folder, "data", 1 << 20);
        ReadPathPlan plan = Plan(new IngestOptions { ReadPath = asked, Target = path }, isProven);
        Assert.Equal(expected, plan.Path);
        Assert.Same(isPeer ? s_proven : (IPeerMemoryProvider)HostMemoryProvider.Shared, plan.Memory);
        Assert.Equal(isPeer && asked != NativeReadPath.PeerDirectFileRead, plan.MayFallBack);
        Assert.StartsWith(asked is null ? "auto" : "as asked", plan.Reason);
        Assert.Contains("The outcome of the trial", plan.Reason);
        Assert.Equal([asked ?? NativeReadPath.PeerDirectFileRead], _tried);

        ReadPathPlan without = ReadPathChoice.WithoutRoom(plan, asked, "ENOMEM.");
        Assert.Same(HostMemoryProvider.Shared, without.Memory);
        Assert.False(without.MayFallBack);
        Assert.Contains("no room for the slots: ENOMEM.", without.Reason);
        Assert.Equal(
            asked == NativeReadPath.GpuDirectNvmePassthrough ? asked : NativeReadPath.RegisteredMappedRead,
            without.Path);
    }

    [Fact]
    public void Into_peer_memory_alone_without_a_proof_is_refused()
    {
        string path = TestFile.Create(_folder, "data", 1 << 20);
        foreach (string? target in new[] { path, null })
        {
            Assert.Contains("not available here", Assert.Throws<NotSupportedException>(() => Plan(
                new IngestOptions { ReadPath = NativeReadPath.PeerDirectFileRead, Target = target },
                isProven: false)).Message);
        }
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(NativeReadPath.RegisteredMappedRead, false, true)]
    [InlineData(NativeReadPath.GpuDirectNvmePassthrough, false, false)]
    [InlineData(null, true, true)]
    [InlineData(NativeReadPath.PeerDirectFileRead, true, true)]
    public void Nothing_is_tried_when_nothing_is_left_open(
        NativeReadPath? asked, bool isMemoryGiven, bool hasTarget)
    {
        var memory = new PeerMemoryOfHost();
        ReadPathPlan plan = Plan(
            new IngestOptions
            {
                ReadPath = asked,
                Memory = isMemoryGiven ? memory : null,
                Target = hasTarget ? TestFile.Create(_folder, "data", 1 << 20) : null,
            },
            isProven: true);
        Assert.Equal(
            new ReadPathPlan(
                asked ?? NativeReadPath.RegisteredMappedRead,
                isMemoryGiven ? memory : HostMemoryProvider.Shared),
            plan);
        Assert.Empty(_tried);
        Assert.Equal(0, memory.AllocationCount);
    }

    /// <summary>Character devices other than namespaces are read as ever.</summary>
    [Fact]
    public void A_device_that_is_no_namespace_is_not_sent_commands()
    {
        ReadPathPlan plan = Plan(new IngestOptions { Target = "/dev/zero" }, isProven: false);
        Assert.Equal(NativeReadPath.RegisteredMappedRead, plan.Path);
        Assert.Throws<ArgumentException>(() => NvmeGpuIngestDriver.Open(new IngestOptions { Target = "" }));
    }

    /// <summary>For real: what this machine has is not known, but the bytes have to be right.</summary>
    [Fact]
    public void A_driver_with_a_target_reads_it_whatever_was_chosen()
    {
        RingRequirement.Met();
        string path = TestFile.Create(_folder, "data", 3_000_001);
        var consumer = new HashingConsumer();
        using (var driver = NvmeGpuIngestDriver.Open(new IngestOptions { Target = path }))
        using (new HostMegakernel(driver.Queue, consumer))
        {
            Assert.StartsWith("auto", driver.ReadPathReason);
            driver.Ingest(IngestSource.File(path));
        }
        Assert.Empty(consumer.Mistakes);
        Assert.Single(consumer.Hashes);
    }

    private ReadPathPlan Plan(IngestOptions options, bool isProven) =>
        ReadPathChoice.Plan(options, (path, _) =>
        {
            _tried.Add(path);
            var check = new CapabilityCheck(
                CapabilityCheckId.TrialRead, "Trial",
                isProven ? CapabilityOutcome.Proven : CapabilityOutcome.Missing, "The outcome of the trial.",
                "");
            return new PeerTrial(check, WasTried: true, isProven ? s_proven : null);
        });
}
