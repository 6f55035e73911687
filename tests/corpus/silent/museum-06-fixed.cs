#nullable enable
// Museum row 6, fixed (museum/06-pointer-is-copied-out-of-a-finalizable-owner.cs):
// https://github.com/AdaptiveConsulting/Aeron.NET/pull/67
// The proxy keeps a reference to the owner of the pin as long as it uses the pointer.
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

    public UnsafeBuffer([KernelRetains(Until.Completion)] ByteBuffer buffer)
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
    private readonly ByteBuffer _owner;
    private readonly UnsafeBuffer _buffer;

    public DriverProxy()
    {
        _owner = new ByteBuffer(4096);
        _buffer = new UnsafeBuffer(_owner);
    }

    public int CapacityBytes => _owner.CapacityBytes;

    public void SendCorrelation(long id) => _buffer.PutInt64(0, id);
}
