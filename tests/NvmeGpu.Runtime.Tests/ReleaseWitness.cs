using System.Threading;

namespace NvmeGpu.Runtime.Tests;

/// <summary>Says when a buffer's memory was really given back.</summary>
internal sealed class ReleaseWitness
{
    private int _releaseCount;

    public bool IsReleased
    {
        get
        {
            Xunit.Assert.InRange(Volatile.Read(ref _releaseCount), 0, 1);
            return _releaseCount == 1;
        }
    }

    /// <summary>The same memory under an owner that reports its release.</summary>
    public GpuMappedBuffer Wrap(GpuMappedBuffer memory) => new(
        memory.Address, memory.LengthBytes, memory.Kind, memory.Backing, memory.DevicePointer, () =>
        {
            Interlocked.Increment(ref _releaseCount);
            memory.Dispose();
        });
}
