#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// Host memory in huge pages, registered with a CUDA context, so that one range is the target of the drive's
/// DMA, the source of the GPU's loads, and ordinary memory of the program. The best host memory there is for
/// a GPU: large pages make both registrations cheaper.
/// <para>
/// The kernel and the driver both lock the pages; the driver in pieces of at most 1 GiB, which lie side by
/// side in the device's addresses or are refused. A buffer is released in this order: rings, CUDA, the
/// mapping. What CUDA does not let go stays mapped, and is reported (<see
/// cref="GpuMappedBuffer.LeakedBytes"/>).
/// </para>
/// <para>
/// Threads: all members may be used from any thread. Source: CUDA Driver API, cuMemHostRegister. Not run on a
/// GPU yet.
/// </para>
/// </summary>
sealed partial class CudaHostRegisteredProvider : IPeerMemoryProvider
{
    /// <summary>As for the ring, whose limit per registered buffer is 1 GiB.</summary>
    private const long PieceBytesMax = 1L << 30;

    private readonly CudaContext _context;
    private readonly IPeerMemoryProvider _host;
    private readonly long _pieceBytesMax;

    /// <param name="context">The context that memory is mapped in; each buffer keeps it alive.</param>
    public CudaHostRegisteredProvider(CudaContext context)
        : this(context, HostMemoryProvider.Shared, PieceBytesMax)
    {
    }

    internal CudaHostRegisteredProvider(CudaContext context, IPeerMemoryProvider host, long pieceBytesMax)
    {
        _context = context;
        _host = host;
        _pieceBytesMax = pieceBytesMax;
    }

    /// <inheritdoc/>
    public string Name => "cuda-host-registered";

    /// <inheritdoc/>
    public CapabilityCheck Probe()
    {
        CudaDevice device = _context.Device;
        bool isOk = device is { CanMapHostMemory: true, CanRegisterHostMemory: true };
        return new(
            "memory.cuda-host-registered", "Host memory, registered with CUDA",
            isOk ? CapabilityOutcome.Ok : CapabilityOutcome.Missing,
            isOk
                ? $"Device {device.Ordinal} ({device.Name}) maps host memory that a program has allocated."
                : $"Device {device.Ordinal} ({device.Name}) cannot "
                    + $"{(device.CanMapHostMemory ? "register" : "map")} host memory.",
            isOk ? "" : "Use the provider cuda-host-alloc, or copy from host memory.");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    /// <exception cref="CudaException">The driver refused; nothing stays registered.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public GpuMappedBuffer Allocate(long lengthBytes) =>
        CudaHostMapping.Map(_context, _host.Allocate(lengthBytes), _pieceBytesMax);
}
