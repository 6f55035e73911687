using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Ring;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

/// <summary>
/// The providers of GPU-visible host memory: every driver call failing, and the order of release.
/// </summary>
[Collection(nameof(LeakCounting))]
public sealed class CudaHostMemoryTests
{
    private const int PieceBytes = 4096;
    private const int PieceCount = 3;
    private const int LengthBytes = PieceBytes * PieceCount - 100; // rounded up to whole pages

    private static readonly string[] s_releases = ["cuMemHostUnregister", "cuMemFreeHost"];

    [Fact]
    public void A_buffer_is_registered_piece_by_piece_and_released_in_the_opposite_order()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        var provider = new CudaHostRegisteredProvider(context, host, PieceBytes);
        Assert.True(provider.Probe().IsOk);

        GpuMappedBuffer buffer = provider.Allocate(LengthBytes);
        Assert.Equal(PieceCount * PieceBytes, buffer.LengthBytes);
        Assert.Equal(PieceCount, fake.Registered.Count);
        Assert.All(fake.Registered.Values, bytes => Assert.Equal(PieceBytes, bytes));
        Assert.Equal(FakeCuda.DevicePointerOf(buffer.Address), buffer.DevicePointer);
        Assert.Equal((PeerMemoryKind.HostMapped, PageBacking.BasePages), (buffer.Kind, buffer.Backing));

        context.Dispose();
        Assert.Equal(1, fake.PrimaryCount); // the buffer needs it
        buffer.Dispose();

        string[] release = [.. fake.Log.SkipWhile(call => call != "cuMemHostUnregister")];
        Assert.Equal(
            ["cuMemHostUnregister", "cuMemHostUnregister", "cuMemHostUnregister", "cuCtxPopCurrent", "unmap",
                "cuDevicePrimaryCtxRelease"],
            release);
        nint first = host.Allocated[0].Address;
        Assert.Equal([first + 8192, first + 4096, first], fake.Unregistered);
        EnsureAllIsGone(fake, host);
    }

    [Fact]
    public void The_last_piece_may_be_shorter_and_one_piece_may_be_all()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        using CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        using (new CudaHostRegisteredProvider(context, host, 2 * PieceBytes).Allocate(LengthBytes))
        {
            Assert.Equal([4096L, 8192L], fake.Registered.Values.Order());
        }
        using (new CudaHostRegisteredProvider(context, host, 1 << 30).Allocate(LengthBytes))
        {
            Assert.Equal([12288L], fake.Registered.Values);
        }
        Assert.Empty(fake.Registered);
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void Rings_let_go_first_then_CUDA_then_the_mapping()
    {
        RingRequirement.Met();
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        using CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        var ring = IoUring.Create(new IoUringOptions { DepthMax = 4 });
        GpuMappedBuffer buffer =
            new CudaHostRegisteredProvider(context, host, PieceBytes).Allocate(LengthBytes);
        _ = ring.Register(buffer);

        buffer.Dispose();
        Assert.Equal(PieceCount, fake.Registered.Count);
        Assert.Equal(0, host.UnmapCount);

        ring.Dispose();
        Assert.Empty(fake.Registered);
        Assert.Equal(1, host.UnmapCount);
        Assert.Empty(fake.Violations);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, int.MaxValue)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, int.MaxValue)]
    public void Whatever_call_fails_nothing_is_lost_and_nothing_is_unmapped_that_CUDA_still_has(
        bool isDriverMemory, int failingCount)
    {
        // Of which n, n and each later one, or n and all later ones fail, until n is beyond the last call.
        int tried = 0;
        for (int first = 1; Try(isDriverMemory, call => call == first) >= first; first++)
        {
            switch (failingCount)
            {
                case 1:
                    tried++;
                    break;
                case 2:
                    int last = first + 1;
                    for (int second = last; second <= last + 12; second++, tried++)
                    {
                        Try(isDriverMemory, call => call == first || call == second);
                    }
                    break;
                default:
                    Try(isDriverMemory, call => call >= first);
                    tried++;
                    break;
            }
        }
        Assert.InRange(tried, 9, 1000); // retain, 4 to allocate, 3 to free, release
    }

    /// <summary>The number of calls that were made.</summary>
    private static int Try(bool isDriverMemory, Func<int, bool> fails)
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaDevice device = fake.Driver.Device(0);
        int before = fake.CallCount;
        List<string> failed = [];
        fake.Fails = (call, name) =>
        {
            bool isFailing = fails(call - before);
            if (isFailing)
            {
                failed.Add(name);
            }
            return isFailing;
        };
        long leakedBefore = GpuMappedBuffer.LeakedBytes;
        CudaException? refused = null;
        bool isAllocated = false;
        int failedBefore = 0;
        FakeCuda.Contexts.Push(0x99); // what the caller has current
        try
        {
            CudaContext context = CudaContext.OfPrimary(device);
            try
            {
                IPeerMemoryProvider provider = isDriverMemory
                    ? new CudaHostAllocProvider(context)
                    : new CudaHostRegisteredProvider(context, host, PieceBytes);
                GpuMappedBuffer buffer = provider.Allocate(LengthBytes);
                isAllocated = true;
                failedBefore = failed.Count;
                Assert.NotEqual(0ul, buffer.DevicePointer);
                buffer.Dispose();
            }
            finally
            {
                context.Dispose();
            }
        }
        catch (CudaException e)
        {
            refused = e;
        }

        // A failure before the buffer was there is told to the caller; one after that cannot be.
        Assert.Equal(!isAllocated, refused is not null);
        Assert.True(isAllocated || failed.Count > 0);
        Assert.Equal(0, failedBefore);
        Assert.True(refused?.ResultName is null or "DRIVER_SAYS_UNKNOWN" or "CUDA_ERROR_UNKNOWN");

        int leftCount = fake.Registered.Count + fake.HostAllocations.Count;
        bool isStuck = leftCount > 0;
        Assert.Equal(isStuck ? PieceCount * PieceBytes : 0, GpuMappedBuffer.LeakedBytes - leakedBefore);
        Assert.All(fake.Registered, range => Assert.True(FakeCuda.IsMapped(range.Key, range.Value)));
        Assert.Equal(isStuck ? 0 : host.Allocated.Count, host.UnmapCount);
        // Only a release, or the context for it, can leave something.
        Assert.True(!isStuck || failed.Intersect([.. s_releases, "cuCtxPushCurrent"]).Any());
        // A piece that cannot be taken out does not keep the others.
        int unregisterFailures = failed.Count(name => name == "cuMemHostUnregister");
        Assert.True(failed.Contains("cuCtxPushCurrent") || fake.Registered.Count <= unregisterFailures);

        bool isContextKept = isStuck || failed.Contains("cuDevicePrimaryCtxRelease");
        Assert.Equal(isContextKept ? 1 : 0, fake.PrimaryCount);
        if (!failed.Contains("cuCtxPopCurrent"))
        {
            Assert.Equal([0x99], FakeCuda.Contexts);
        }
        Assert.Empty(fake.Violations);
        int calls = fake.CallCount - before;
        fake.Fails = (_, _) => false;
        return calls;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Device_addresses_that_are_not_side_by_side_are_refused_and_rolled_back(int gapAtPiece)
    {
        using var fake = new FakeCuda { GapAtPiece = gapAtPiece };
        var host = new TestHostMemory(fake);
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        var provider = new CudaHostRegisteredProvider(context, host, PieceBytes);

        string message = Assert.Throws<CudaException>(() => provider.Allocate(LengthBytes)).Message;

        Assert.Contains("Mapping 12288 bytes of host memory for device 0 is not possible", message);
        Assert.Contains($"at {gapAtPiece * PieceBytes} bytes", message);
        Assert.Contains("cuda-host-alloc", message);
        context.Dispose();
        EnsureAllIsGone(fake, host);
    }

    [Fact]
    public void Memory_that_the_driver_allocates_is_mapped_left_out_of_children_and_given_back()
    {
        using var fake = new FakeCuda();
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        var provider = new CudaHostAllocProvider(context);
        Assert.True(provider.Probe().IsOk);
        Assert.Throws<ArgumentOutOfRangeException>(() => provider.Allocate(0));

        GpuMappedBuffer buffer = provider.Allocate(5000);
        Assert.Equal((8192L, FakeCuda.DevicePointerOf(buffer.Address)), (buffer.LengthBytes,
            buffer.DevicePointer));
        Assert.Contains(" dc", MappingClassifier.Classify(buffer.Address, 8192).Flags + " ");
        context.Dispose();
        buffer.Dispose();

        Assert.Empty(fake.HostAllocations);
        Assert.Equal((0, 1), (fake.PrimaryCount, fake.PrimaryCountMax));
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void Memory_of_the_driver_that_is_not_whole_pages_is_refused_and_given_back()
    {
        using var fake = new FakeCuda { HostAddressOffsetBytes = 64 };
        using (CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0)))
        {
            var refused = Assert.Throws<IoUringException>(
                () => new CudaHostAllocProvider(context).Allocate(1));
            Assert.Contains("EINVAL", refused.Message);
            Assert.Contains("not whole pages", refused.Message);
        }
        Assert.Empty(fake.HostAllocations);
        Assert.Equal(0, fake.PrimaryCount);
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void A_device_that_registers_nothing_says_what_to_use()
    {
        using var fake = new FakeCuda();
        using CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(1));
        CapabilityCheck check = new CudaHostRegisteredProvider(context).Probe();
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Equal("Device 1 (Fake GPU) cannot register host memory.", check.Detail);
        Assert.Contains("cuda-host-alloc", check.Advice);
        Assert.True(new CudaHostAllocProvider(context).Probe().IsOk);
    }

    [Fact]
    public void A_buffer_and_a_context_that_are_lost_are_released_by_their_finalizers_in_the_right_order()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        Lose(fake, host);
        for (int i = 0; i < 50 && fake.PrimaryCount > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        EnsureAllIsGone(fake, host);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(FakeCuda fake, TestHostMemory host)
    {
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        _ = new CudaHostRegisteredProvider(context, host, PieceBytes).Allocate(LengthBytes);
    }

    [Fact]
    public void A_context_that_was_disposed_maps_nothing()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => new CudaHostRegisteredProvider(context, host, PieceBytes).Allocate(1));
        Assert.Throws<ObjectDisposedException>(() => new CudaHostAllocProvider(context).Allocate(1));
        EnsureAllIsGone(fake, host);
    }

    private static void EnsureAllIsGone(FakeCuda fake, TestHostMemory host)
    {
        Assert.Empty(fake.Registered);
        Assert.Equal(0, fake.PrimaryCount);
        Assert.Equal(host.Allocated.Count, host.UnmapCount);
        Assert.Empty(FakeCuda.Contexts);
        Assert.Empty(fake.Violations);
    }
}
