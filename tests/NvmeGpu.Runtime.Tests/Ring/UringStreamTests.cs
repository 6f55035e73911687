using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ring;

public class UringStreamTests
{
    public UringStreamTests() => RingRequirement.Met();

    [Fact]
    public async Task Many_reads_from_many_tasks_bring_the_right_bytes()
    {
        using var folder = new TemporaryFolder();
        const int Count = 2000;
        const int Size = 1000;
        string path = TestFile.Create(folder, "data", Count * Size);
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 16 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(Count * Size);
        RegisteredMemory memory = stream.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = stream.Register(handle);

        int[] counts = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(
            async () => await stream.ReadAsync(memory.Region((long)i * Size, Size), file, (long)i * Size))));

        Assert.All(counts, count => Assert.Equal(Size, count));
        byte[] bytes = new byte[Count * Size];
        Marshal.Copy(buffer.Address, bytes, 0, bytes.Length);
        Assert.Equal(File.ReadAllBytes(path), bytes);
    }

    [Fact]
    public async Task A_short_read_is_continued_until_the_region_is_full_or_the_source_ends()
    {
        using var pipe = new TestPipe();
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = stream.Register(buffer);
        RegisteredFile file = stream.Register(pipe.ReadEnd);

        Task<int> read = stream.ReadAsync(memory.Region(0, 6), file, 0).AsTask();
        foreach (byte b in new byte[] { 1, 2, 3, 4, 5 })
        {
            pipe.Write([b]);
            await Task.Delay(5);
            Assert.False(read.IsCompleted);
        }
        pipe.Write([6]);

        Assert.Equal(6, await read.WaitAsync(TimeSpan.FromSeconds(20)));
        byte[] bytes = new byte[6];
        Marshal.Copy(buffer.Address, bytes, 0, 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], bytes);
    }

    [Fact]
    public async Task A_read_at_the_end_of_the_file_brings_what_there_is()
    {
        using var folder = new TemporaryFolder();
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = stream.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 1000));
        RegisteredFile file = stream.Register(handle);
        Assert.Equal(400, await stream.ReadAsync(memory.Region(0, 4096), file, 600));
        Assert.Equal(0, await stream.ReadAsync(memory.Region(0, 4096), file, 5000));
    }

    [Fact]
    public async Task Cancelling_ends_the_read_after_its_own_completion_and_its_memory_can_be_released()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 4 });
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        RegisteredMemory memory = stream.Register(buffer);
        RegisteredFile file = stream.Register(pipe.ReadEnd);
        for (int round = 0; round < 50; round++)
        {
            using var cancel = new CancellationTokenSource();
            Task<int> read = stream.ReadAsync(memory.Region(0, 10), file, 0, cancel.Token).AsTask();
            Assert.False(read.IsCompleted);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => read.WaitAsync(TimeSpan.FromSeconds(20)));
        }
        stream.Release(memory);
        buffer.Dispose();
        await Task.Run(() => SpinWait.SpinUntil(() => release.IsReleased, 5000));
        Assert.True(release.IsReleased);
    }

    [Fact]
    public async Task Disposing_ends_reads_in_flight_and_those_that_wait_for_their_turn()
    {
        using var pipe = new TestPipe();
        var release = new ReleaseWitness();
        var stream = UringStream.Open(new IoUringOptions { DepthMax = 2 });
        GpuMappedBuffer buffer = release.Wrap(GpuMappedBuffer.AllocateHost(4096));
        RegisteredMemory memory = stream.Register(buffer);
        RegisteredFile file = stream.Register(pipe.ReadEnd);
        List<Task<int>> reads = [];
        for (int i = 0; i < 5; i++)
        {
            reads.Add(stream.ReadAsync(memory.Region(i * 16, 16), file, 0).AsTask());
        }
        buffer.Dispose();

        await stream.DisposeAsync();

        foreach (Task<int> read in reads)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(TimeSpan.FromSeconds(20)));
        }
        Assert.True(release.IsReleased);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(memory.Region(0, 1), file, 0)
            .AsTask());
        Assert.Throws<ObjectDisposedException>(() => stream.Register(pipe.ReadEnd));
    }

    [Fact]
    public async Task A_failed_read_throws_its_errno_and_the_next_one_works()
    {
        using var folder = new TemporaryFolder();
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 2 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = stream.Register(buffer);
        using SafeFileHandle writeOnly =
            File.OpenHandle(folder.PathOf("w"), FileMode.Create, FileAccess.Write);
        using SafeFileHandle good = File.OpenHandle(TestFile.Create(folder, "data", 10));

        RegisteredFile bad = stream.Register(writeOnly);
        var failed = await Assert.ThrowsAsync<IoUringException>(
            () => stream.ReadAsync(memory.Region(0, 10), bad, 0).AsTask());
        Assert.Equal(Bindings.Libc.EBADF, failed.Errno);
        stream.Unregister(bad);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => stream.ReadAsync(memory.Region(0, 10), bad, 0).AsTask());
        Assert.Equal(10, await stream.ReadAsync(memory.Region(0, 10), stream.Register(good), 0));
    }

    [Fact]
    public async Task A_read_waits_for_others_to_end_not_for_their_results_to_be_fetched()
    {
        using var folder = new TemporaryFolder();
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 2 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = stream.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 300));
        RegisteredFile file = stream.Register(handle);
        ValueTask<int>[] reads = new ValueTask<int>[6];
        for (int i = 0; i < reads.Length; i++)
        {
#pragma warning disable CA2012 // kept on purpose: the claim is about results that nobody has fetched yet
            reads[i] = stream.ReadAsync(memory.Region(i * 100, 50), file, i * 50);
#pragma warning restore CA2012
        }
        for (int i = reads.Length - 1; i >= 0; i--)
        {
            Assert.Equal(50, await reads[i].AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public async Task A_file_may_be_unregistered_right_after_its_read_was_begun()
    {
        using var folder = new TemporaryFolder();
        await using var stream = UringStream.Open(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = stream.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 300));
        for (int round = 0; round < 200; round++)
        {
            RegisteredFile file = stream.Register(handle);
            Task<int> read = stream.ReadAsync(memory.Region(0, 300), file, 0).AsTask();
            stream.Unregister(file);
            Assert.Equal(300, await read.WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public void An_error_of_the_ring_is_thrown_by_open() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            UringStream.Open(new IoUringOptions { DepthMax = 0 }));
}
