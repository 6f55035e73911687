using System;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Host memory that says that it is another device's: attached instead of registered, and looked at in copies
/// only. Filled with a pattern, so that a copy shows where it was made.
/// </summary>
internal sealed class PeerMemoryOfHost : IPeerMemoryProvider
{
    public string Name => "peer, of host memory";

    public int AllocationCount { get; private set; }

    public CapabilityCheck Probe() => HostMemoryProvider.Shared.Probe();

    public static byte PatternAt(long offsetBytes) =>
        unchecked((byte)((offsetBytes * 7) + (offsetBytes >> 12)));

    public unsafe GpuMappedBuffer Allocate(long lengthBytes)
    {
        AllocationCount++;
        GpuMappedBuffer host = HostMemoryProvider.Shared.Allocate(lengthBytes);
        var bytes = new Span<byte>((void*)host.Address, (int)lengthBytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = PatternAt(i);
        }
        return new GpuMappedBuffer(
            host.Address, lengthBytes, PeerMemoryKind.P2PdmaPages, PageBacking.Device, 0, host.Dispose);
    }
}
