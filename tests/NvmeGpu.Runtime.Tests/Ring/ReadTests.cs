using System;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Ring;

public class ReadTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public ReadTests() => RingRequirement.Met();

    [Fact]
    public void A_fixed_read_brings_the_bytes_of_the_file_at_that_offset()
    {
        using var folder = new TemporaryFolder();
        string path = TestFile.Create(folder, "data", 100_000);
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(64 << 10);
        using RegisteredMemory memory = ring.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = ring.Register(handle);

        ReadToken token = ring.Read(memory.Region(4096, 5000), file, 12_345);
        Assert.Equal(1, ring.Submit());
        Completion completion = WaitForOne(ring);

        Assert.Equal(token, completion.Token);
        Assert.True(completion.IsSuccess);
        Assert.Equal(5000, completion.ByteCount);
        Assert.False(completion.IsShort);
        Assert.Equal(TestFile.Expected(12_345, 5000), BytesOf(buffer, 4096, 5000));
        Assert.All(BytesOf(buffer, 0, 4096), b => Assert.Equal(0, b));
        Assert.Equal(0, BytesOf(buffer, 9096, 1)[0]);
    }

    [Fact]
    public void A_read_across_the_end_of_the_file_is_short_and_one_beyond_it_is_empty()
    {
        using var folder = new TemporaryFolder();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
        using RegisteredMemory memory = ring.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 1000));
        RegisteredFile file = ring.Register(handle);

        _ = ring.Read(memory.Region(0, 4096), file, 600);
        Completion across = WaitForOne(ring);
        Assert.True(across.IsShort);
        Assert.Equal(400, across.ByteCount);
        Assert.Equal(TestFile.Expected(600, 400), BytesOf(buffer, 0, 400));

        _ = ring.Read(memory.Region(0, 4096), file, 1000);
        Assert.Equal(0, WaitForOne(ring).ByteCount);
    }

    [Fact]
    public void The_depth_is_a_limit_that_is_named_when_it_is_reached()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 3 });
        for (int i = 0; i < 3; i++)
        {
            _ = ring.Nop();
        }
        var full = Assert.Throws<InvalidOperationException>(() => ring.Nop());
        Assert.Contains("depth of 3", full.Message);

        Assert.Equal(3, ring.Submit());
        WaitForOne(ring);
        _ = ring.Nop();
    }

    [Fact]
    public void Every_token_in_flight_has_an_index_of_its_own()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 64 });
        var seen = new bool[64];
        for (int round = 0; round < 100; round++)
        {
            Array.Clear(seen);
            for (int i = 0; i < 64; i++)
            {
                int index = ring.Nop().Index;
                Assert.False(seen[index]);
                seen[index] = true;
            }
            for (int i = 0; i < 64; i++)
            {
                WaitForOne(ring);
            }
        }
        Assert.Equal(0, ring.InFlightCount);
    }

    [Fact]
    public void Memory_and_files_of_another_ring_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var one = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using var two = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = one.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 10));
        RegisteredFile fileOfOne = one.Register(handle);
        RegisteredFile fileOfTwo = two.Register(handle);

        Assert.Contains("region", Assert.Throws<InvalidOperationException>(
            () => two.Read(memory.Region(0, 10), fileOfTwo, 0)).Message);
        Assert.Contains("file", Assert.Throws<InvalidOperationException>(
            () => one.Read(memory.Region(0, 10), fileOfTwo, 0)).Message);
        Assert.Throws<InvalidOperationException>(() => one.Read(default(RegisteredRegion), fileOfOne, 0));
    }

    [Fact]
    public void A_file_that_was_unregistered_is_refused_also_when_its_index_was_taken_again()
    {
        using var folder = new TemporaryFolder();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4, FileTableEntries = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 10));
        RegisteredFile first = ring.Register(handle);
        Assert.Throws<InvalidOperationException>(() => ring.Register(handle));
        ring.Unregister(first);
        RegisteredFile second = ring.Register(handle);

        Assert.Equal(first.Index, second.Index);
        Assert.Throws<ObjectDisposedException>(() => ring.Read(memory.Region(0, 10), first, 0));
        Assert.Throws<ObjectDisposedException>(() => ring.Unregister(first));
        _ = ring.Read(memory.Region(0, 10), second, 0);
        Assert.Equal(10, WaitForOne(ring).ByteCount);
    }

    [Fact]
    public void A_region_may_not_leave_its_memory()
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
        using RegisteredMemory memory = ring.Register(buffer);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(0, 8193));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(8192, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(4096, 4096).Slice(1, 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Region(4096, 4096).Slice(long.MaxValue, 1));
        Assert.Equal(buffer.Address + 8191, memory.Region(4096, 4096).Slice(4095, 1).Address);
    }

    [Fact]
    public void A_failed_read_has_an_errno_and_no_byte_count()
    {
        using var folder = new TemporaryFolder();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(folder.PathOf("w"), FileMode.Create, FileAccess.Write);
        RegisteredFile writeOnly = ring.Register(handle);

        _ = ring.Read(memory.Region(0, 4096), writeOnly, 0);
        Completion completion = WaitForOne(ring);

        Assert.False(completion.IsSuccess);
        Assert.Equal(Bindings.Libc.EBADF, completion.Errno);
        Assert.Contains(
            "EBADF", Assert.Throws<InvalidOperationException>(() => completion.ByteCount).Message);
    }

    [Fact]
    public void A_wait_ends_at_its_time_out_when_nothing_completes()
    {
        using var pipe = new TestPipe();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(pipe.ReadEnd);
        _ = ring.Read(memory.Region(0, 100), file, 0);

        long start = Environment.TickCount64;
        Assert.Equal(0, ring.Wait(1, TimeSpan.FromMilliseconds(250)));
        Assert.InRange(Environment.TickCount64 - start, 200, 5_000);
        Assert.Equal(1, ring.InFlightCount);

        pipe.Write([1, 2, 3]);
        Assert.Equal(3, WaitForOne(ring).ByteCount);
        Assert.Equal([1, 2, 3], BytesOf(buffer, 0, 3));
    }

    [Fact]
    public void A_wait_for_more_than_completes_ends_at_its_time_out_with_what_there_is()
    {
        using var pipe = new TestPipe();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        _ = ring.Read(ring.Register(buffer).Region(0, 100), ring.Register(pipe.ReadEnd), 0);
        _ = ring.Nop();

        long start = Environment.TickCount64;
        long enters = ring.EnterCount;
        Assert.Equal(1, ring.Wait(2, TimeSpan.FromMilliseconds(250)));
        Assert.InRange(Environment.TickCount64 - start, 200, 5_000);
        Assert.InRange(ring.EnterCount - enters, 1, 20);
    }

    [Fact]
    public void A_file_that_is_unregistered_before_its_read_was_submitted_is_still_the_file_that_is_read()
    {
        using var folder = new TemporaryFolder();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4, FileTableEntries = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        using SafeFileHandle one = File.OpenHandle(TestFile.Create(folder, "one", 100, seed: 1));
        using SafeFileHandle two = File.OpenHandle(TestFile.Create(folder, "two", 100, seed: 2));

        RegisteredFile file = ring.Register(one);
        _ = ring.Read(memory.Region(0, 100), file, 0);
        ring.Unregister(file);
        ring.Register(two);

        Assert.Equal(100, WaitForOne(ring).ByteCount);
        Assert.Equal(TestFile.Expected(0, 100, seed: 1), BytesOf(buffer, 0, 100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_cancel_requests_than_the_queue_holds_are_all_taken(bool isPolled)
    {
        using var pipe = new TestPipe();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 2, UseSubmissionPolling = isPolled });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        ReadToken token = ring.Read(memory.Region(0, 100), ring.Register(pipe.ReadEnd), 0);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(ring.Cancel(token));
        }
        Assert.Equal(Bindings.Libc.ECANCELED, WaitForOne(ring).Errno);
    }

    [Fact]
    public void A_cancelled_read_ends_with_its_own_completion()
    {
        using var pipe = new TestPipe();
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using RegisteredMemory memory = ring.Register(buffer);
        ReadToken token = ring.Read(memory.Region(0, 100), ring.Register(pipe.ReadEnd), 0);
        Assert.Equal(1, ring.Submit());

        Assert.True(ring.Cancel(token));
        Assert.Equal(1, ring.InFlightCount); // asking ends nothing
        Completion completion = WaitForOne(ring);

        Assert.Equal(token, completion.Token);
        Assert.Equal(Bindings.Libc.ECANCELED, completion.Errno);
        Assert.False(ring.Cancel(token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Submitting_waiting_and_reaping_a_million_times_allocates_nothing(bool isPolled)
    {
        using var folder = new TemporaryFolder();
        using var ring =
            IoUring.Create(new IoUringOptions { DepthMax = 64, UseSubmissionPolling = isPolled });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(64 * 512);
        using RegisteredMemory memory = ring.Register(buffer);
        using SafeFileHandle handle = File.OpenHandle(TestFile.Create(folder, "data", 64 * 512));
        RegisteredFile file = ring.Register(handle);
        ReadMany(ring, memory, file, 64 * 100); // first calls load and compile

        long before = GC.GetAllocatedBytesForCurrentThread();
        long bytes = ReadMany(ring, memory, file, 1_000_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1_000_000L * 512, bytes);
        Assert.Equal(0, allocated);
    }

    private static long ReadMany(IoUring ring, RegisteredMemory memory, RegisteredFile file, int count)
    {
        long bytes = 0;
        for (int done = 0; done < count;)
        {
            int batch = Math.Min(32, count - done);
            for (int i = 0; i < batch; i++)
            {
                _ = ring.Read(memory.Region(i * 512, 512), file, (done + i) % 64 * 512);
            }
            for (int reaped = 0; reaped < batch;)
            {
                _ = ring.Wait(batch - reaped, Timeout.InfiniteTimeSpan);
                while (ring.TryReap(out Completion completion))
                {
                    bytes += completion.ByteCount;
                    reaped++;
                }
            }
            done += batch;
        }
        return bytes;
    }

    private static Completion WaitForOne(IoUring ring)
    {
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < s_limit.TotalMilliseconds)
        {
            _ = ring.Wait(1, s_limit);
            if (ring.TryReap(out Completion completion))
            {
                return completion;
            }
        }
        throw new TimeoutException("No completion came.");
    }

    private static byte[] BytesOf(GpuMappedBuffer buffer, int offset, int count)
    {
        byte[] bytes = new byte[count];
        System.Runtime.InteropServices.Marshal.Copy(buffer.Address + offset, bytes, 0, count);
        return bytes;
    }
}
