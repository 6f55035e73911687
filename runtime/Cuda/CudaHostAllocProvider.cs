#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// Host memory that the CUDA driver allocates and maps for the device (<c>cuMemHostAlloc</c>): for devices
/// and systems where a program's own memory cannot be registered. Its pages have the base size, which makes
/// the ring's registration slower than with <see cref="CudaHostRegisteredProvider"/>.
/// <para>
/// A buffer is released in this order: rings, then the driver. What the driver does not take back is reported
/// (<see cref="GpuMappedBuffer.LeakedBytes"/>).
/// </para>
/// <para>
/// Threads: all members may be used from any thread. Source: CUDA Driver API, cuMemHostAlloc. Not run on a
/// GPU yet.
/// </para>
/// </summary>
sealed partial class CudaHostAllocProvider : IPeerMemoryProvider
{
    private readonly CudaContext _context;

    /// <param name="context">The context that memory is allocated in; each buffer keeps it alive.</param>
    public CudaHostAllocProvider(CudaContext context) => _context = context;

    /// <inheritdoc/>
    public string Name => "cuda-host-alloc";

    /// <inheritdoc/>
    public CapabilityCheck Probe()
    {
        CudaDevice device = _context.Device;
        bool isOk = device.CanMapHostMemory;
        return new(
            "memory.cuda-host-alloc", "Host memory that the CUDA driver allocates",
            isOk ? CapabilityOutcome.Ok : CapabilityOutcome.Missing,
            $"Device {device.Ordinal} ({device.Name}) {(isOk ? "maps" : "cannot map")} host memory.",
            isOk ? "" : "Copy from host memory.");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public GpuMappedBuffer Allocate(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        long pageBytes = Environment.SystemPageSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, long.MaxValue - pageBytes);
        return CudaHostAllocation.Allocate(
            _context, (lengthBytes + pageBytes - 1) / pageBytes * pageBytes);
    }
}
