#nullable enable
// Museum row 5: https://github.com/dotnet/corefx/pull/3575 (C#)
// A socket's event arguments remembered in fields which buffer was pinned and where. Setting the buffer to
// null unpinned it but, because no operation was active, did not clear the remembered state; setting the same
// buffer again looked already pinned, and the next send used the old address. All state is in fields, across
// four calls.
// missed: pin, unpin and use are in different methods; no rule follows fields across calls
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal sealed unsafe class SocketArguments
{
    private byte[]? _buffer;
    private byte[]? _pinnedBuffer;
    private GCHandle _pin;
    private nint _pinnedAddress;
    private bool _isOperationActive;

    public void SetBuffer(byte[]? buffer)
    {
        _buffer = buffer;
        if (buffer is null)
        {
            FreePin();
        }
    }

    public int Send(int socket)
    {
        PinUnlessPinned();
        _isOperationActive = true;
        return SendOverlapped(socket, (void*)_pinnedAddress, _buffer!.Length);
    }

    public void OnCompleted() => _isOperationActive = false;

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
        if (_isOperationActive)
        {
            _pinnedBuffer = null; // only here: after a completed operation the old state stays
        }
    }

    [DllImport("native")]
    private static extern int SendOverlapped(
        int socket, [KernelRetains(Until.Completion)] void* buffer, int lengthBytes);
}
