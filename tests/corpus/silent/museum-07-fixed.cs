#nullable enable
// Museum row 7, fixed (museum/07-send-pins-are-freed-by-the-abort.cs):
// https://github.com/dotnet/runtime/pull/52368
// https://github.com/dotnet/runtime/pull/74611
// An abort only ends the task; pins are disposed when the library says that the send is complete.
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.Contracts;

internal unsafe struct QuicBuffer
{
    public uint LengthBytes;

    [KernelRetains(Until.Completion)]
    public byte* Bytes;
}

internal sealed unsafe class QuicStream(nint handle)
{
    private readonly QuicBuffer* _sendBuffer =
        (QuicBuffer*)NativeMemory.AllocZeroed((nuint)sizeof(QuicBuffer));
    private MemoryHandle _sendPin;
    private TaskCompletionSource _sendCompletion = new();

    public Task WriteAsync(ReadOnlyMemory<byte> buffer)
    {
        _sendCompletion = new TaskCompletionSource();
        _sendPin = buffer.Pin();
        _sendBuffer->LengthBytes = (uint)buffer.Length;
        _sendBuffer->Bytes = (byte*)_sendPin.Pointer;
        if (StreamSend(handle, _sendBuffer, 1) < 0)
        {
            CleanUpSend();
            throw new InvalidOperationException("The stream refused the send.");
        }
        return _sendCompletion.Task;
    }

    public void OnSendComplete()
    {
        CleanUpSend();
        _sendCompletion.TrySetResult();
    }

    public void OnPeerAborted()
    {
        _sendCompletion.TrySetException(new InvalidOperationException("The peer aborted."));
    }

    private void CleanUpSend()
    {
        _sendBuffer->Bytes = null;
        _sendPin.Dispose();
    }

    [DllImport("quic")]
    private static extern int StreamSend(
        nint stream, [KernelRetains(Until.Completion)] QuicBuffer* buffers, uint count);
}
