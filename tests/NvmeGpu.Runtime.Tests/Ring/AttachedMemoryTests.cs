using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ring;

/// <summary>Reads into memory that is not registered: owned all the same.</summary>
[Collection(nameof(LeakCounting))]
public class AttachedMemoryTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public AttachedMemoryTests() => RingRequirement.Met();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void A_file_is_read_into_attached_memory(bool useBigEntries)
    {
        using var folder = new TemporaryFolder();
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 64 << 10));
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(64 << 10);
        using var ring =
            IoUring.Create(new IoUringOptions { DepthMax = 4, UseBigEntries = useBigEntries });
        AttachedMemory memory = ring.Attach(buffer);
        RegisteredFile file = ring.Register(handle);
        for (int i = 0; i < 16; i++)
        {
            ReadToken token = ring.Read(memory.Region(0, 8192).Slice(4096, 4096), file, i * 4096);
            Completion completion = ReapOne(ring);
            Assert.Equal(token, completion.Token);
            Assert.Equal(4096, completion.ByteCount);
            Assert.Equal(
                TestFile.Expected(i * 4096, 4096),
                new ReadOnlySpan<byte>((byte*)buffer.Address + 4096, 4096).ToArray());
        }
    }

    [Fact]
    public void It_stays_mapped_until_the_last_completion_of_it_was_reaped()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        AttachedMemory memory = ring.Attach(buffer);
        RegisteredFile file = ring.Register(pipe.ReadEnd);
        _ = ring.Read(memory.Region(0, 16), file, 0);
        _ = ring.Read(memory.Region(16, 16), file, 0);
        Assert.Equal(2, ring.Submit());
        Assert.Equal(2, memory.InFlightCount);

        memory.Dispose();
        buffer.Dispose();
        Assert.False(release.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => ring.Read(memory.Region(0, 16), file, 0));

        pipe.Write([1]);
        _ = ReapOne(ring);
        Assert.False(release.IsReleased);
        pipe.Write([1]);
        _ = ReapOne(ring);
        Assert.True(release.IsReleased);
        memory.Dispose();
    }

    [Fact]
    public void Memory_without_operations_is_given_back_at_once()
    {
        var release = new ReleaseWitness();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using (GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096)))
        {
            ring.Attach(buffer).Dispose();
        }
        Assert.True(release.IsReleased);
    }

    [Fact]
    public void Disposing_the_ring_waits_for_reads_in_flight_and_gives_the_memory_back()
    {
        using var pipe = new TestPipe();
        var busy = new ReleaseWitness();
        var idle = new ReleaseWitness();
        GpuMappedBuffer first = busy.Wrap(GpuMappedBuffer.AllocateHost(4096));
        GpuMappedBuffer second = idle.Wrap(GpuMappedBuffer.AllocateHost(4096));
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        AttachedMemory memory = ring.Attach(first);
        _ = ring.Attach(second);
        _ = ring.Read(memory.Region(0, 16), ring.Register(pipe.ReadEnd), 0);
        Assert.Equal(1, ring.Submit());
        first.Dispose();
        second.Dispose();
        Assert.False(busy.IsReleased || idle.IsReleased);

        ring.Dispose();
        Assert.True(busy.IsReleased && idle.IsReleased);
        Assert.Equal(leakedBefore, GpuMappedBuffer.LeakedBytes);
    }

    [Fact]
    public void A_ring_that_is_lost_with_a_read_in_flight_leaks_its_memory_and_says_so()
    {
        using var pipe = new TestPipe();
        var busy = new ReleaseWitness();
        var idle = new ReleaseWitness();
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        Lose(pipe, busy, idle);
        for (int i = 0; i < 20 && GpuMappedBuffer.LeakedBytes == leakedBefore; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(leakedBefore + 4096, GpuMappedBuffer.LeakedBytes);
        Assert.False(busy.IsReleased);
        Assert.True(SpinWait.SpinUntil(() => idle.IsReleased, s_limit));
    }

    [Fact]
    public void Memory_that_no_read_accepts_is_refused_with_the_reason()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(4096);
        using var opaque = new GpuMappedBuffer(
            host.Address, 4096, PeerMemoryKind.OpaqueMmio, PageBacking.Device, 0, () => { });
        var refused = Assert.Throws<ArgumentException>(() => ring.Attach(opaque));
        Assert.Contains("OpaqueMmio", refused.Message);
        Assert.Contains("EFAULT", refused.Message);
        Assert.Throws<ArgumentException>(() => ring.Register(opaque));
    }

    [Fact]
    public void Peer_memory_can_be_attached_and_not_registered_and_is_read_into_past_the_page_cache_only()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 64 << 10);
        using SafeFileHandle buffered = File.OpenHandle(path);
        using SafeFileHandle? direct = ProbeTarget.Open(path, Libc.O_DIRECT, out _);
        Requirement.That(direct is not null, "the temporary folder's filesystem has no O_DIRECT");
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(4096);
        // Only the table's word for it: the pages are the host's, so the read itself works.
        using var peer = new GpuMappedBuffer(
            host.Address, 4096, PeerMemoryKind.P2PdmaPages, PageBacking.Device, 0, () => { });
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        Assert.Contains("P2PdmaPages", Assert.Throws<ArgumentException>(() => ring.Register(peer)).Message);

        AttachedMemory memory = ring.Attach(peer);
        RegisteredFile bufferedFile = ring.Register(buffered);
        Assert.False(bufferedFile.IsDirect);
        var refused =
            Assert.Throws<ArgumentException>(() => ring.Read(memory.Region(0, 4096), bufferedFile, 0));
        Assert.Contains("O_DIRECT", refused.Message);
        Assert.Equal(0, ring.InFlightCount);

        RegisteredFile directFile = ring.Register(direct!);
        Assert.True(directFile.IsDirect);
        _ = ring.Read(memory.Region(0, 4096), directFile, 4096);
        Assert.Equal(4096, ReapOne(ring).ByteCount);
    }

    [Fact]
    public void Regions_of_another_ring_and_ranges_outside_are_refused()
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using var other = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using var pipe = new TestPipe();
        AttachedMemory memory = other.Attach(buffer);
        RegisteredFile file = ring.Register(pipe.ReadEnd);
        Assert.Contains("attached to this ring", Assert.Throws<InvalidOperationException>(
            () => ring.Read(memory.Region(0, 16), file, 0)).Message);
        Assert.Throws<InvalidOperationException>(() => ring.Read(default(AttachedRegion), file, 0));
        Assert.Throws<InvalidOperationException>(
            () => other.Read(memory.Region(0, 16), file, 0)); // the file is the other ring's
        foreach ((long offset, int length) in
            new[] { (-1L, 1), (0L, 0), (0L, -1), (8192L, 1), (1L, 8192), (long.MaxValue, 1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(offset, length));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => memory.Region(0, 8192).Slice(offset, length));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(TestPipe pipe, ReleaseWitness busy, ReleaseWitness idle)
    {
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        AttachedMemory memory = ring.Attach(busy.Wrap(GpuMappedBuffer.AllocateHost(4096)));
        _ = ring.Attach(idle.Wrap(GpuMappedBuffer.AllocateHost(4096)));
        _ = ring.Read(memory.Region(0, 16), ring.Register(pipe.ReadEnd), 0);
        Assert.Equal(1, ring.Submit());
    }

    private static Completion ReapOne(IoUring ring)
    {
        Completion completion;
        while (!ring.TryReap(out completion))
        {
            Assert.True(ring.Wait(1, s_limit) >= 1);
        }
        return completion;
    }
}
