using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Ring;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

[Collection(nameof(LeakCounting))]
public sealed class CudaContextTests
{
    [Fact]
    public void A_device_says_what_decides_how_it_is_used()
    {
        using var fake = new FakeCuda();
        CudaDevice device = fake.Driver.Devices()[0];
        Assert.Equal(
            ("Fake GPU", "0000:ab:00.0", 141L << 30, new Version(9, 0), 132, 40),
            (device.Name, device.PciAddress, device.TotalMemoryBytes, device.ComputeCapability,
                device.MultiprocessorCount, device.Handle));
        Assert.Equal(
            (true, true, false, false),
            (device.CanMapHostMemory, device.CanRegisterHostMemory, device.CanUseHostPointer,
                device.HasKernelTimeLimit));
        Assert.Equal(
            CUGPUDirectRDMAWritesOrdering.CU_GPU_DIRECT_RDMA_WRITES_ORDERING_OWNER,
            device.PeerWritesOrdering);
    }

    [Fact]
    public void A_device_that_does_not_answer_is_refused_whatever_it_was_asked()
    {
        using var fake = new FakeCuda();
        _ = fake.Driver.Device(1);
        int calls = fake.CallCount;
        Assert.InRange(calls, 10, 20);
        for (int failing = 1; failing <= calls; failing++)
        {
            int wanted = fake.CallCount + failing;
            fake.Fails = (call, _) => call == wanted;
            var refused = Assert.Throws<CudaException>(() => fake.Driver.Device(1));
            Assert.Equal((999, "DRIVER_SAYS_UNKNOWN", "in the driver's words"),
                (refused.Result, refused.ResultName, refused.Description));
            Assert.Contains("of device 1 failed", refused.Message);
        }
    }

    [Fact]
    public void Errors_have_their_built_in_names_where_the_driver_has_none()
    {
        using var fake = new FakeCuda { Answer = CUresult.CUDA_ERROR_NOT_PERMITTED };
        fake.Fails = (_, name) => name == "cuDeviceGet";
        var refused = Assert.Throws<CudaException>(() => fake.Driver.Device(0));
        Assert.Equal((800, "CUDA_ERROR_NOT_PERMITTED", "not permitted"),
            (refused.Result, refused.ResultName, refused.Description));

        fake.Answer = CUresult.CUDA_ERROR_UNKNOWN;
        fake.Fails = (_, name) => name is "cuDeviceGet" or "cuGetErrorName";
        refused = Assert.Throws<CudaException>(() => fake.Driver.Device(0));
        Assert.Equal(
            ("CUDA_ERROR_UNKNOWN", "in the driver's words"), (refused.ResultName, refused.Description));
    }

    [Fact]
    public void A_primary_context_is_retained_and_released_once_each()
    {
        using var fake = new FakeCuda();
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        Assert.True(context.IsPrimary);
        Assert.NotEqual(0, context.Handle);
        Assert.Equal(1, fake.PrimaryCount);
        context.Dispose();
        context.Dispose();
        Assert.Equal(0, fake.PrimaryCount);
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public void A_callers_context_is_used_on_its_device_and_never_released()
    {
        using var fake = new FakeCuda();
        FakeCuda.Contexts.Push(0x99);
        CudaContext context = CudaContext.FromHandle(fake.Driver, FakeCuda.CallersContext);
        Assert.Equal((1, false, FakeCuda.CallersContext),
            (context.Device.Ordinal, context.IsPrimary, context.Handle));
        DeviceMemory memory = DeviceMemory.Allocate(context, 100);
        context.Dispose();
        memory.Dispose();
        Assert.Empty(fake.DeviceAllocations);
        Assert.Equal([0x99], FakeCuda.Contexts);
        Assert.DoesNotContain("cuDevicePrimaryCtxRelease", fake.Log);
        Assert.Throws<ArgumentException>(() => CudaContext.FromHandle(fake.Driver, 0));
        Assert.Empty(fake.Violations);
    }

    [Theory]
    [InlineData("cuCtxPushCurrent")]
    [InlineData("cuCtxGetDevice")]
    [InlineData("cuCtxPopCurrent")]
    public void A_callers_context_that_the_driver_does_not_know_is_refused(string failing)
    {
        using var fake = new FakeCuda();
        fake.Fails = (_, name) => name == failing;
        var refused = Assert.Throws<CudaException>(
            () => CudaContext.FromHandle(fake.Driver, FakeCuda.CallersContext));
        Assert.Equal($"{failing} of a caller's context", refused.Operation);
        Assert.Equal(failing == "cuCtxPopCurrent" ? 1 : 0, FakeCuda.Contexts.Count);
    }

    [Fact]
    public void Of_several_failures_the_first_is_told()
    {
        using var fake = new FakeCuda();
        CudaContext context = CudaContext.OfPrimary(fake.Driver.Device(0));
        fake.Fails = (_, name) => name is "cuMemAlloc" or "cuCtxPopCurrent";
        var refused = Assert.Throws<CudaException>(() => DeviceMemory.Allocate(context, 8));
        Assert.Equal("Allocating 8 bytes of device 0: cuMemAlloc", refused.Operation);
        fake.Fails = (_, _) => false;
        context.Dispose();
        Assert.Equal(0, fake.PrimaryCount);
    }

    [Fact]
    public async Task Threads_that_retain_use_and_release_at_once_leave_nothing()
    {
        const int Threads = 8;
        const int Rounds = 200;
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaDevice device = fake.Driver.Device(0);
        using CudaContext shared = CudaContext.OfPrimary(device);
        using var start = new Barrier(Threads);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (int round = 0; round < Rounds; round++)
                {
                    CudaContext own = CudaContext.OfPrimary(device);
                    GpuMappedBuffer buffer = new CudaHostRegisteredProvider(
                        round % 2 == 0 ? own : shared, host, 4096).Allocate(8192);
                    DeviceMemory memory = DeviceMemory.Allocate(own, 64);
                    own.Dispose();
                    memory.Dispose();
                    buffer.Dispose();
                    Assert.Empty(FakeCuda.Contexts);
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(1, fake.PrimaryCount);
        Assert.InRange(fake.PrimaryCountMax, 2, Threads + 1);
        Assert.Equal(Threads * Rounds, host.UnmapCount);
        Assert.Empty(fake.Registered);
        Assert.Empty(fake.DeviceAllocations);
        Assert.Empty(fake.Violations);
    }

    [Fact]
    public async Task One_context_disposed_by_many_threads_while_buffers_go_is_released_once()
    {
        using var fake = new FakeCuda();
        var host = new TestHostMemory(fake);
        CudaDevice device = fake.Driver.Device(0);
        for (int round = 0; round < 100; round++)
        {
            CudaContext context = CudaContext.OfPrimary(device);
            var provider = new CudaHostRegisteredProvider(context, host, 4096);
            GpuMappedBuffer[] buffers = [.. Enumerable.Range(0, 3).Select(_ => provider.Allocate(4096))];
            await Task.WhenAll(
                [.. buffers.Select(buffer => Task.Run(buffer.Dispose)), Task.Run(context.Dispose),
                    Task.Run(context.Dispose)]);
            Assert.Equal(0, fake.PrimaryCount);
        }
        Assert.Empty(fake.Registered);
        Assert.Empty(fake.Violations);
    }
}
