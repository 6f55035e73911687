#nullable enable
// Museum row 6: https://github.com/AdaptiveConsulting/Aeron.NET/pull/67 (C#)
// A byte buffer owns a pinned array, and its finalizer frees the pin. A second class copies the pointer out
// of it in its constructor and keeps only that; nobody keeps the owner. Messages to the driver became corrupt
// once the owner was finalized. The pointer lives in a field, the owner in a local of a third class's
// constructor.
// caught: NVG0090
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal sealed class ByteBuffer
{
    private readonly GCHandle _pin;

    public ByteBuffer(int capacityBytes)
    {
        CapacityBytes = capacityBytes;
        _pin = GCHandle.Alloc(new byte[capacityBytes], GCHandleType.Pinned);
    }

    ~ByteBuffer() => _pin.Free();

    public int CapacityBytes { get; }

    [Stable]
    public nint Pointer => _pin.AddrOfPinnedObject();
}

internal sealed class UnsafeBuffer
{
    [KernelRetains(Until.Completion)]
    private readonly nint _pointer;
    private readonly int _capacityBytes;

    public UnsafeBuffer(ByteBuffer {|NVG0090:buffer|})
    {
        _pointer = buffer.Pointer;
        _capacityBytes = buffer.CapacityBytes;
    }

    public void PutInt64(int index, long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, _capacityBytes - sizeof(long));
        Marshal.WriteInt64(_pointer, index, value);
    }
}

internal sealed class DriverProxy
{
    private readonly UnsafeBuffer _buffer;

    public DriverProxy()
    {
        var byteBuffer = new ByteBuffer(4096);
        _buffer = new UnsafeBuffer(byteBuffer);
    }

    public void SendCorrelation(long id) => _buffer.PutInt64(0, id);
}
