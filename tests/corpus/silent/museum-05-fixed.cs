#nullable enable
// Museum row 5, fixed (museum/05a-pin-state-outlives-the-pin.cs):
// https://github.com/dotnet/corefx/pull/3575
// Freeing the pin always clears what is remembered about it.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal sealed unsafe class SocketArguments
{
    private byte[]? _buffer;
    private byte[]? _pinnedBuffer;
    private GCHandle _pin;
    private nint _pinnedAddress;

    public void SetBuffer(byte[]? buffer)
    {
        _buffer = buffer;
        if (buffer != _pinnedBuffer)
        {
            FreePin();
        }
    }

    public int Send(int socket)
    {
        PinUnlessPinned();
        return SendOverlapped(socket, (void*)_pinnedAddress, _buffer!.Length);
    }

    private void PinUnlessPinned()
    {
        if (_pinnedBuffer == _buffer)
        {
            return;
        }
        _pin = GCHandle.Alloc(_buffer, GCHandleType.Pinned);
        _pinnedAddress = _pin.AddrOfPinnedObject();
        _pinnedBuffer = _buffer;
    }

    private void FreePin()
    {
        if (_pin.IsAllocated)
        {
            _pin.Free();
        }
        _pinnedBuffer = null;
    }

    [DllImport("native")]
    private static extern int SendOverlapped(
        int socket, [KernelRetains(Until.Completion)] void* buffer, int lengthBytes);
}
