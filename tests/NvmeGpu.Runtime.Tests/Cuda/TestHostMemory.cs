using System.Collections.Generic;
using System.Threading;

namespace NvmeGpu.Runtime.Tests.Cuda;

/// <summary>Host memory that tells the fake driver when it is unmapped.</summary>
internal sealed class TestHostMemory(FakeCuda fake) : IPeerMemoryProvider
{
    private int _unmapCount;

    public string Name => "test";

    public List<GpuMappedBuffer> Allocated { get; } = [];

    public int UnmapCount => Volatile.Read(ref _unmapCount);

    public CapabilityCheck Probe() => HostMemoryProvider.Shared.Probe();

    public GpuMappedBuffer Allocate(long lengthBytes)
    {
        GpuMappedBuffer memory = HostMemoryProvider.Shared.Allocate(lengthBytes);
        var host = new GpuMappedBuffer(
            memory.Address, memory.LengthBytes, memory.Kind, memory.Backing, 0, () =>
            {
                fake.OnUnmap(memory.Address, memory.LengthBytes);
                Interlocked.Increment(ref _unmapCount);
                memory.Dispose();
            });
        lock (Allocated)
        {
            Allocated.Add(memory);
        }
        return host;
    }
}
