using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ring;

[Collection(nameof(LeakCounting))]
public class LifeTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public LifeTests() => RingRequirement.Met();

    [Fact]
    public void Disposing_the_ring_cancels_reads_in_flight_and_then_frees_their_memory()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(pipe.ReadEnd);
        for (int i = 0; i < 8; i++)
        {
            _ = ring.Read(memory.Region(i * 512, 512), file, 0);
        }
        Assert.Equal(8, ring.Submit());

        buffer.Dispose(); // the caller is done, the kernel is not
        Assert.False(release.IsReleased);
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        ring.Dispose();

        Assert.True(release.IsReleased);
        Assert.Equal(leakedBefore, GpuMappedBuffer.LeakedBytes);
        Assert.Throws<ObjectDisposedException>(() => ring.Submit());
        ring.Dispose();
    }

    [Fact]
    public void Released_memory_stays_mapped_until_the_last_completion_of_it_was_reaped()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        RegisteredMemory memory = ring.Register(buffer);
        _ = ring.Read(memory.Region(0, 16), ring.Register(pipe.ReadEnd), 0);
        Assert.Equal(1, ring.Submit());

        memory.Dispose();
        buffer.Dispose();
        Assert.False(release.IsReleased);
        Assert.Throws<ObjectDisposedException>(() =>
            ring.Read(memory.Region(0, 16), ring.Register(pipe.ReadEnd), 0));

        pipe.Write([1]);
        ReapOne(ring);
        WaitUntil(ring, () => release.IsReleased);
    }

    [Fact]
    public void Memory_without_operations_is_released_at_once()
    {
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8, BufferTableEntries = 1 });
        for (int i = 0; i < 100; i++)
        {
            RegisteredMemory memory = ring.Register(buffer);
            Assert.Throws<InvalidOperationException>(() => ring.Register(buffer)); // the table has one entry
            memory.Dispose();
            WaitUntil(ring, () => CanRegister(ring));
        }
        buffer.Dispose();
        Assert.True(release.IsReleased);

        static bool CanRegister(IoUring ring)
        {
            using GpuMappedBuffer other = GpuMappedBuffer.AllocateHost(4096);
            try
            {
                ring.Register(other).Dispose();
            }
            catch (InvalidOperationException)
            {
                return false;
            }
            ring.Wait(0, TimeSpan.Zero);
            ring.TryReap(out _);
            return true;
        }
    }

    [Fact]
    public void Another_thread_is_told_whose_the_ring_is()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        string message =
            OnAnotherThread(() => Assert.Throws<InvalidOperationException>(() => ring.Nop()).Message);
        Assert.Contains("one ring, one thread", message);
        Assert.Contains(Environment.CurrentManagedThreadId.ToString(), message);
    }

    [Fact]
    public void A_ring_that_binds_on_first_use_belongs_to_the_thread_that_uses_it_first()
    {
        IoUring ring =
            OnAnotherThread(() => IoUring.Create(new IoUringOptions { DepthMax = 8, BindOnFirstUse = true }));
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        OnAnotherThread(() => ring.Register(buffer));
        _ = ring.Nop();
        Assert.Equal(1, ring.Submit());
        ReapOne(ring);
        Assert.Contains("one ring, one thread", OnAnotherThread(
            () => Assert.Throws<InvalidOperationException>(() => ring.Nop()).Message));
        ring.Dispose();
    }

    [Fact]
    public void A_ring_that_was_never_used_gives_its_memory_back()
    {
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 8, BindOnFirstUse = true });
        ring.Register(buffer);
        buffer.Dispose();
        Assert.False(release.IsReleased);
        ring.Dispose();
        Assert.True(release.IsReleased);
    }

    [Fact]
    public void Disposing_from_another_thread_is_done_by_the_rings_thread_even_while_it_waits()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        using var isWaiting = new ManualResetEventSlim();
        IoUring? ring = null;
        Exception? seen = null;
        var owner = new Thread(() =>
        {
            ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
            _ = ring.Read(ring.Register(buffer).Region(0, 16), ring.Register(pipe.ReadEnd), 0);
            isWaiting.Set();
            seen = Record.Exception(() => ring.Wait(1, Timeout.InfiniteTimeSpan));
        });
        owner.Start();
        isWaiting.Wait(TestContext.Current.CancellationToken);
        buffer.Dispose();
        Thread.Yield();

        ring!.Dispose();

        Assert.True(release.IsReleased);
        Assert.True(owner.Join(s_limit));
        Assert.IsType<ObjectDisposedException>(seen);
    }

    [Fact]
    public void Without_time_to_wait_what_can_be_cancelled_at_once_is_still_freed()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        var idle = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        GpuMappedBuffer idleBuffer = idle.Wrap(GpuMappedBuffer.AllocateHost(4096));
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 8, DrainTimeout = TimeSpan.Zero });
        ring.Register(idleBuffer);
        _ = ring.Read(ring.Register(buffer).Region(0, 16), ring.Register(pipe.ReadEnd), 0);
        long leakedBefore = GpuMappedBuffer.LeakedBytes;

        ring.Dispose();
        buffer.Dispose();
        idleBuffer.Dispose();

        Assert.Equal(leakedBefore, GpuMappedBuffer.LeakedBytes);
        Assert.True(release.IsReleased);
        Assert.True(idle.IsReleased);
    }

    [Fact]
    public void When_the_rings_thread_has_ended_memory_in_flight_is_leaked_once_and_idle_memory_is_freed()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        var idle = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        GpuMappedBuffer idleBuffer = idle.Wrap(GpuMappedBuffer.AllocateHost(8192));
        IoUring ring = OnAnotherThread(() =>
        {
            var made = IoUring.Create(new IoUringOptions { DepthMax = 8 });
            made.Register(idleBuffer);
            _ = made.Read(made.Register(buffer).Region(0, 16), made.Register(pipe.ReadEnd), 0);
            _ = made.Submit();
            return made;
        });
        long leakedBefore = GpuMappedBuffer.LeakedBytes;

        Parallel.For(0, 4, _ => ring.Dispose());
        buffer.Dispose();
        idleBuffer.Dispose();

        Assert.Equal(leakedBefore + 4096, GpuMappedBuffer.LeakedBytes);
        Assert.False(release.IsReleased);
        Assert.True(idle.IsReleased);
    }

    [Fact]
    public void First_use_and_dispose_at_the_same_time_end_in_one_of_two_ways()
    {
        for (int round = 0; round < 200; round++)
        {
            var ring = IoUring.Create(new IoUringOptions { DepthMax = 2, BindOnFirstUse = true });
            using var start = new Barrier(2);
            Exception? seen = null;
            var user = new Thread(() =>
            {
                start.SignalAndWait();
                seen = Record.Exception(() =>
                {
                    for (int i = 0; i < 20; i++)
                    {
                        _ = ring.Nop();
                        ring.Wait(1, TimeSpan.FromSeconds(1));
                        ring.TryReap(out _);
                    }
                });
            });
            user.Start();
            start.SignalAndWait();
            ring.Dispose();
            Assert.True(user.Join(s_limit));
            Assert.True(seen is null or ObjectDisposedException, seen?.ToString());
        }
    }

    [Fact]
    public void A_polled_ring_cancels_its_reads_when_it_is_disposed()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        long start = Environment.TickCount64;
        using (var ring = IoUring.Create(new IoUringOptions { DepthMax = 2, UseSubmissionPolling = true }))
        {
            _ = ring.Read(ring.Register(buffer).Region(0, 16), ring.Register(pipe.ReadEnd), 0);
            _ = ring.Submit();
        }
        buffer.Dispose();
        Assert.True(release.IsReleased);
        Assert.Equal(leakedBefore, GpuMappedBuffer.LeakedBytes);
        Assert.InRange(Environment.TickCount64 - start, 0, 10_000);
    }

    [Fact]
    public void Memory_that_outlives_its_ring_may_still_be_disposed()
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 2 });
        RegisteredMemory memory = ring.Register(buffer);
        ring.Dispose();
        Assert.True(memory.IsReleased);
        memory.Dispose();
    }

    [Fact]
    public void A_disposed_buffer_takes_no_place_in_the_table()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 2, BufferTableEntries = 1 });
        GpuMappedBuffer gone = GpuMappedBuffer.AllocateHost(4096);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ring.Register(gone));
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        ring.Register(buffer);
    }

    [Fact]
    public void A_ring_that_is_lost_with_a_read_in_flight_leaks_its_memory_and_reports_it()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        LoseRing(pipe, release);

        for (int i = 0; i < 50 && GpuMappedBuffer.LeakedBytes == leakedBefore; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(leakedBefore + 4096, GpuMappedBuffer.LeakedBytes);
        Assert.False(release.IsReleased);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoseRing(TestPipe pipe, ReleaseWitness release) => OnAnotherThread(() =>
    {
        using GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        _ = ring.Read(ring.Register(buffer).Region(0, 16), ring.Register(pipe.ReadEnd), 0);
        return ring.Submit();
    });

    private static T OnAnotherThread<T>(Func<T> call)
    {
        T result = default!;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = call();
            }
            catch (Exception e)
            {
                error = e;
            }
        });
        thread.Start();
        Assert.True(thread.Join(s_limit));
        Assert.Null(error);
        return result;
    }

    private static void ReapOne(IoUring ring)
    {
        Completion completion;
        while (!ring.TryReap(out completion))
        {
            ring.Wait(1, s_limit);
        }
        Assert.True(completion.IsSuccess);
    }

    private static void WaitUntil(IoUring ring, Func<bool> condition)
    {
        for (int i = 0; i < 200 && !condition(); i++)
        {
            ring.TryReap(out _);
            ring.Wait(0, TimeSpan.FromMilliseconds(10));
        }
        Assert.True(condition());
    }
}

/// <summary>Tests that look at the process-wide leak counter, one at a time.</summary>
[CollectionDefinition(nameof(LeakCounting), DisableParallelization = true)]
public sealed class LeakCounting;
