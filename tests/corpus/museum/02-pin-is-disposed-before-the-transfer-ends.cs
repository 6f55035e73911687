#nullable enable
// Museum row 2: https://github.com/dotnet/pinvoke/pull/513 (C#, found in review)
// An asynchronous pipe write pinned the caller's memory in a using block around the native call. The block is
// left as soon as the call says "pending"; the device goes on with memory that may move. The pin was a local,
// the operation's state an object that outlives the method.
// caught: NVG0003
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.Contracts;

internal static unsafe class UsbPipe
{
    private const int StillPending = 997;

    public static ValueTask<int> WriteAsync(
        nint device, byte pipe, Memory<byte> buffer, CancellationToken cancel)
    {
        var operation = new PipeOperation(device);
        nint native = operation.Pack();
        cancel.Register(operation.Cancel);

        using (MemoryHandle {|NVG0003:memoryHandle|} = buffer.Pin())
        {
            if (!UsbWritePipe(device, pipe, (byte*)memoryHandle.Pointer, buffer.Length, out _, native))
            {
                int error = Marshal.GetLastPInvokeError();
                if (error != StillPending)
                {
                    operation.Unpack();
                    throw new InvalidOperationException($"The write failed with {error}.");
                }
            }
        }
        return new ValueTask<int>(operation.Completion);
    }

    [DllImport("usb", SetLastError = true)]
    private static extern bool UsbWritePipe(
        nint device, byte pipe, [KernelRetains(Until.Completion)] byte* buffer, int lengthBytes,
        out int transferred, nint overlapped);
}

internal sealed class PipeOperation(nint device)
{
    private readonly TaskCompletionSource<int> _completion = new();

    public Task<int> Completion => _completion.Task;

    public nint Pack() => device;

    public void Unpack() => _completion.TrySetCanceled();

    public void Cancel() => _completion.TrySetCanceled();
}
