#nullable enable
// Museum row 7: https://github.com/dotnet/runtime/pull/52368 and https://github.com/dotnet/runtime/pull/74611
// (C#)
// A QUIC stream pinned the caller's memory per send and kept the pins in its state. Event handlers that end a
// send early (abort, shutdown) disposed the pins and completed the caller's task, although only the library's
// "send complete" event says that it has let go; mangled bytes went out. Pins are in fields, releases in
// callbacks. (Ported from the discussions of the two; their own diffs were only partly to be read.)
// missed: hand-over and release are in different methods, in the order in which another thread raises events
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
        CleanUpSend(); // too early: the library still reads, until it says "send complete"
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
