using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Linq;
using System.Runtime.CompilerServices;
using NvmeGpu.Runtime.Tests.Ring;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

[Collection(nameof(LeakCounting))]
public sealed class DeviceMemoryTests
{
    [Fact]
    public void It_is_allocated_in_its_context_keeps_it_and_is_freed_once()
    {
        using var fake = new FakeCuda();
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        DeviceMemory memory = DeviceMemory.Allocate(context, 5L << 32);
        Assert.Equal(5L << 32, memory.LengthBytes);
        Assert.Equal([memory.DevicePointer], fake.DeviceAllocations);
        context.Dispose();
        Assert.Equal(1, fake.PrimaryCount);
        memory.Dispose();
        memory.Dispose();
        Assert.Empty(fake.DeviceAllocations);
        Assert.Equal(0, fake.PrimaryCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceMemory.Allocate(context, 0));
        Assert.Throws<ObjectDisposedException>(() => DeviceMemory.Allocate(context, 1));
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void Copies_go_to_their_offset_and_not_beyond_the_end()
    {
        using var fake = new FakeCuda();
        using CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        using DeviceMemory memory = DeviceMemory.Allocate(context, 100);
        byte[] host = new byte[100];

        memory.CopyFrom(host.AsSpan(0, 60), 40);
        Assert.Equal((memory.DevicePointer + 40, 60L), (fake.LastCopy.Device, fake.LastCopy.LengthBytes));
        memory.CopyTo(host, 0);
        Assert.Equal((memory.DevicePointer, 100L), (fake.LastCopy.Device, fake.LastCopy.LengthBytes));
        int calls = fake.CallCount;
        memory.CopyTo([], 100);
        memory.CopyFrom([], 0);
        foreach ((int lengthBytes, long offsetBytes) in ((int, long)[])[(61, 40), (1, 100), (1, -1),
            (100, 1), (1, long.MaxValue), (0, 101)])
        {
            byte[] bytes = new byte[lengthBytes];
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.CopyFrom(bytes, offsetBytes));
            Assert.Throws<ArgumentOutOfRangeException>(() => memory.CopyTo(bytes, offsetBytes));
        }
        Assert.Equal(calls, fake.CallCount);
        Assert.Empty(FakeCuda.Contexts);
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void A_queued_copy_is_inside_both_memories_page_locked_and_of_one_context()
    {
        using var fake = new FakeCuda();
        using CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        using CudaContext other = CudaContext.FromHandle(fake.Driver, FakeCuda.CallersContext);
        using DeviceMemory memory = DeviceMemory.Allocate(context, 10_000);
        using GpuMappedBuffer host = new CudaHostRegisteredProvider(context).Allocate(8192);
        using GpuMappedBuffer plain = GpuMappedBuffer.AllocateHost(8192);
        using CudaStream stream = CudaStream.Create(context);
        using CudaStream callers = CudaStream.FromHandle(context, 0x77);
        using CudaStream foreign = CudaStream.FromHandle(other, 0x88);

        memory.CopyFrom(host, 192, 2000, 8000, stream);
        Assert.Equal((memory.DevicePointer + 2000, host.Address + 192, 8000L), fake.LastCopy);
        memory.CopyTo(host, 0, 9000, 1000, callers);
        Assert.Equal((memory.DevicePointer + 9000, host.Address, 1000L), fake.LastCopy);
        Assert.Contains("cuMemcpyDtoHAsync:77", fake.Log);

        foreach ((long hostOffset, long offset, long lengthBytes) in ((long, long, long)[])[(193, 0, 8000),
            (0, 2001, 8000), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, -1), (0, 0, 8193), (0, 10_000, 1)])
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => memory.CopyFrom(host, hostOffset, offset, lengthBytes, stream));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => memory.CopyTo(host, hostOffset, offset, lengthBytes, stream));
        }
        Assert.Contains("page-locked", Assert.Throws<ArgumentException>(
            () => memory.CopyTo(plain, 0, 0, 1, stream)).Message);
        Assert.Contains("another context", Assert.Throws<ArgumentException>(
            () => memory.CopyTo(host, 0, 0, 1, foreign)).Message);
    }

    [Fact]
    public void What_a_queued_copy_uses_stays_until_the_stream_was_waited_for()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
        GpuMappedBuffer source = new CudaHostRegisteredProvider(context, host, 4096).Allocate(4096);
        CudaStream stream = CudaStream.Create(context);
        context.Dispose();
        memory.CopyFrom(source, 0, 0, 4096, stream);
        memory.CopyFrom(source, 0, 0, 4096, stream);
        source.Dispose();
        memory.Dispose();
        Assert.Equal((1, 1, 0), (fake.Registered.Count, fake.DeviceAllocations.Count, host.UnmapCount));

        fake.Fails = (_, name) => name == "cuStreamSynchronize";
        Assert.Throws<CudaException>(stream.Synchronize);
        Assert.Equal((1, 1, 0), (fake.Registered.Count, fake.DeviceAllocations.Count, host.UnmapCount));

        fake.Fails = (_, _) => false;
        stream.Synchronize();
        Assert.Equal((0, 0, 1), (fake.Registered.Count, fake.DeviceAllocations.Count, host.UnmapCount));
        stream.Dispose();
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(stream.Synchronize);
        Assert.Equal((0, 0), (fake.StreamCount, fake.PrimaryCount));
        Assert.Empty(fake.Violations);
    }

    [Theory]
    [InlineData("cuMemcpyHtoDAsync:2000", 1)]
    [InlineData("cuCtxPopCurrent", 1)]
    [InlineData("cuCtxPushCurrent", 0)]
    public void A_copy_that_failed_may_have_been_queued_all_the_same_unless_it_was_not_asked_for(
        string failing, int keptCount)
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        using DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
        GpuMappedBuffer source = new CudaHostRegisteredProvider(context, host, 4096).Allocate(4096);
        using CudaStream stream = CudaStream.Create(context);
        fake.Fails = (_, name) => name == failing;
        Assert.Throws<CudaException>(() => memory.CopyFrom(source, 0, 0, 4096, stream));
        fake.Fails = (_, _) => false;
        source.Dispose();
        Assert.Equal(keptCount, fake.Registered.Count);
        stream.Synchronize();
        Assert.Empty(fake.Registered);
        Assert.Empty(fake.Violations);
        context.Dispose();
    }

    [Fact]
    public void A_stream_that_cannot_be_waited_for_leaks_what_it_uses_and_reports_it()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        using var events = new Events();
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
        GpuMappedBuffer source = new CudaHostRegisteredProvider(context, host, 4096).Allocate(4096);
        CudaStream stream = CudaStream.Create(context);
        memory.CopyTo(source, 0, 0, 4096, stream);
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        fake.Fails = (_, name) => name == "cuStreamSynchronize";

        stream.Dispose();
        source.Dispose();
        memory.Dispose();
        context.Dispose();

        Assert.Equal(leakedBefore + 4096, GpuMappedBuffer.LeakedBytes);
        Assert.Equal((1, 0, 1), (fake.Registered.Count, host.UnmapCount, fake.PrimaryCount));
        Assert.Contains(
            "Releasing a stream's copies failed: cuStreamSynchronize answers CUDA_ERROR_UNKNOWN.",
            events.Messages);
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void A_stream_that_is_lost_with_copies_queued_leaks_what_they_use_and_reports_it()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        LoseStream(fake, host);
        for (int i = 0; i < 50 && GpuMappedBuffer.LeakedBytes == leakedBefore; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(leakedBefore + 4096, GpuMappedBuffer.LeakedBytes);
        Assert.Equal((1, 0, 1), (fake.Registered.Count, host.UnmapCount, fake.PrimaryCount));
        Assert.Empty(fake.Violations);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoseStream(FakeCuda fake, TestHostMemory host)
    {
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
        GpuMappedBuffer source = new CudaHostRegisteredProvider(context, host, 4096).Allocate(4096);
        memory.CopyFrom(source, 0, 0, 4096, CudaStream.Create(context));
    }

    [Fact]
    public void A_stream_takes_a_limited_number_of_copies_between_two_waits()
    {
        using var fake = new FakeCuda();
        using CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        using DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
        using GpuMappedBuffer host = new CudaHostAllocProvider(context).Allocate(4096);
        using CudaStream stream = CudaStream.FromHandle(context, 0);
        for (int i = 0; i < CudaStream.QueuedCountMax; i++)
        {
            memory.CopyTo(host, 0, 0, 1, stream);
        }
        Assert.Contains("call Synchronize", Assert.Throws<InvalidOperationException>(
            () => memory.CopyTo(host, 0, 0, 1, stream)).Message);
        stream.Synchronize();
        memory.CopyTo(host, 0, 0, 1, stream);
    }

    [Fact]
    public void Whatever_call_fails_nothing_is_lost_but_what_the_driver_did_not_take_back()
    {
        int last = 1;
        for (int first = 1; first <= last; first++)
        {
            int wanted = first;
            last = Try(call => call == wanted);
            Try(call => call >= wanted);
            for (int second = first + 1; second <= first + 8; second++)
            {
                int other = second;
                Try(call => call == wanted || call == other);
            }
        }
        Assert.InRange(last, 25, 60);
    }

    private static int Try(Func<int, bool> fails)
    {
        using var fake = new FakeCuda();
        CudaDevice device = fake.Driver.Device(0);
        int before = fake.CallCount;
        var failed = new HashSet<string>();
        fake.Fails = (call, name) => fails(call - before) && (failed.Add(name.Split(':')[0]) || true);
        CudaException? refused = null;
        bool isBeginning = true;
        using (CudaContext? context = Unless(() => CudaContext.OfPrimary(device)))
        {
            if (context is not null)
            {
                try
                {
                    using DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
                    using GpuMappedBuffer host = new CudaHostAllocProvider(context).Allocate(4096);
                    using CudaStream stream = CudaStream.Create(context);
                    memory.CopyFrom(new byte[10]);
                    memory.CopyTo(new byte[10]);
                    memory.CopyFrom(host, 0, 0, 1, stream);
                    memory.CopyTo(host, 0, 0, 1, stream);
                    stream.Synchronize();
                    isBeginning = false;
                }
                catch (CudaException e)
                {
                    refused = e;
                }
            }
        }
        Assert.True(isBeginning == (refused is not null) || failed.Contains("cuDevicePrimaryCtxRetain"));

        bool isStuck = failed.Contains("cuCtxPushCurrent") || failed.Contains("cuStreamSynchronize");
        Assert.True(fake.DeviceAllocations.Count == 0 || isStuck || failed.Contains("cuMemFree"));
        Assert.True(fake.HostAllocations.Count == 0 || isStuck || failed.Contains("cuMemFreeHost"));
        Assert.True(fake.StreamCount == 0 || isStuck || failed.Contains("cuStreamDestroy"));
        Assert.True(
            fake.PrimaryCount == 0 || fake.HostAllocations.Count > 0
            || failed.Contains("cuDevicePrimaryCtxRelease"));
        if (!failed.Contains("cuCtxPopCurrent"))
        {
            Assert.Empty(FakeCuda.Contexts);
        }
        // A stream that is not taken back dies with its context.
        Assert.All(fake.Violations, violation => Assert.True(fake.StreamCount > 0, violation));
        int calls = fake.CallCount - before;
        fake.Fails = (_, _) => false;
        return calls;

        CudaContext? Unless(Func<CudaContext> make)
        {
            try
            {
                return make();
            }
            catch (CudaException e)
            {
                refused = e;
                return null;
            }
        }
    }

    private sealed class Events : EventListener
    {
        private readonly List<string> _messages = [];

        public IReadOnlyList<string> Messages
        {
            get
            {
                lock (_messages)
                {
                    return [.. _messages];
                }
            }
        }

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "NvmeGpu")
            {
                EnableEvents(source, EventLevel.Error);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs written)
        {
            // The base constructor reports existing sources before this object's own fields are there.
            if (_messages is { } messages && written.Message is { } message)
            {
                lock (messages)
                {
                    messages.Add(string.Format(
                        System.Globalization.CultureInfo.InvariantCulture, message,
                        [.. written.Payload ?? Enumerable.Empty<object?>()]));
                }
            }
        }
    }
}
