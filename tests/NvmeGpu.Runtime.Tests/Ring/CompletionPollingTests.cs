using System;
using System.IO;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Nvme;
using NvmeGpu.TestKit;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.Runtime.Tests.Ring;

/// <summary>
/// Rings that look for completions themselves. What a drive's polled queue does with them is tested in a
/// virtual machine.
/// </summary>
public class CompletionPollingTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public CompletionPollingTests() => RingRequirement.Met();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_kernel_is_asked_for_what_the_options_say(bool pollCompletions, bool pollSubmissions)
    {
        uint flags = 0;
        _ = Assert.Throws<IoUringException>(() => IoUring.Create(
            new IoUringOptions
            {
                UseCompletionPolling = pollCompletions,
                UseSubmissionPolling = pollSubmissions,
            },
            (uint _, ref io_uring_params parameters, out int errno) =>
            {
                unsafe
                {
                    flags = parameters.flags;
                }
                errno = Libc.EPERM;
                return -1;
            }));
        Assert.Equal(
            (pollCompletions ? IORING_SETUP_IOPOLL : 0) | (pollSubmissions ? IORING_SETUP_SQPOLL : 0),
            flags & (IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Operations_complete_by_waiting_and_by_reaping_alone(bool pollSubmissions)
    {
        using IoUring ring = Create(pollSubmissions);
        Assert.True(ring.Features.Has("IORING_SETUP_IOPOLL"));
        for (int i = 0; i < 50; i++)
        {
            ReadToken first = ring.Nop();
            Assert.True(ring.Wait(1, s_limit) >= 1);
            Assert.True(ring.TryReap(out Completion completion));
            Assert.Equal((first, true), (completion.Token, completion.IsSuccess));

            ReadToken second = ring.Nop();
            Assert.Equal(1, ring.Submit());
            Assert.True(Eventually(() => ring.TryReap(out completion)));
            Assert.Equal((second, true), (completion.Token, completion.IsSuccess));
            Assert.False(ring.TryReap(out _));
        }
        Assert.Equal(0, ring.Wait(1, TimeSpan.FromSeconds(1))); // nothing is in flight: no second passes
    }

    /// <summary>It polls a drive's queue, and the page cache has none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_cannot_be_polled_is_refused_and_its_memory_given_back(bool pollSubmissions)
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(TestFile.Create(folder, "data", 8192));
        long leaked = GpuMappedBuffer.LeakedBytes;
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
        using (IoUring ring = Create(pollSubmissions))
        {
            RegisteredMemory memory = ring.Register(buffer);
            _ = ring.Read(memory.Region(0, 8192), ring.Register(handle), 0);
            Completion completion = EndOne(ring);
            Assert.Equal((false, Libc.EOPNOTSUPP), (completion.IsSuccess, completion.Errno));
            Assert.Equal(0, memory.InFlightCount);
        }
        buffer.Dispose();
        Assert.True(buffer.IsClosed);
        Assert.Equal(leaked, GpuMappedBuffer.LeakedBytes);
    }

    /// <summary>The kernel refuses to cancel on such a ring, and nobody is told wrong.</summary>
    [Fact]
    public void Cancelling_leaves_an_operation_to_its_own_end()
    {
        using IoUring ring = Create(pollSubmissions: false);
        ReadToken token = ring.Nop();
        Assert.True(ring.Cancel(token));
        Completion completion = EndOne(ring);
        Assert.Equal((token, true), (completion.Token, completion.IsSuccess));
        Assert.False(ring.Cancel(token));
        Assert.False(ring.TryReap(out _));
    }

    [Fact]
    public void A_device_that_takes_commands_and_cannot_be_polled_says_so()
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        using NvmeNamespace source = FakeNamespace.OnNull();
        using var ring = IoUring.Create(
            new IoUringOptions { DepthMax = 4, UseBigEntries = true, UseCompletionPolling = true });
        _ = ring.Read(ring.Register(buffer).Region(0, 512), source, 0, 1);
        Completion completion = EndOne(ring);
        Assert.Equal(Libc.EOPNOTSUPP, completion.Errno);
        Assert.Contains("completion polling", completion.ToException("NVMe read").Message);
    }

    private static IoUring Create(bool pollSubmissions) => IoUring.Create(new IoUringOptions
    {
        DepthMax = 4,
        UseCompletionPolling = true,
        UseSubmissionPolling = pollSubmissions,
    });

    private static Completion EndOne(IoUring ring)
    {
        Completion completion = default;
        Assert.True(Eventually(() =>
        {
            _ = ring.Wait(1, TimeSpan.FromMilliseconds(10));
            return ring.TryReap(out completion);
        }));
        return completion;
    }

    private static bool Eventually(Func<bool> condition)
    {
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < s_limit.TotalMilliseconds)
        {
            if (condition())
            {
                return true;
            }
        }
        return false;
    }
}
