#nullable enable
// Museum row 2, fixed (museum/02-pin-is-disposed-before-the-transfer-ends.cs):
// https://github.com/dotnet/pinvoke/pull/513
// The pin belongs to the operation, which disposes it when it completes, on every way.
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

        operation.Pin = buffer.Pin();
        if (!UsbWritePipe(device, pipe, (byte*)operation.Pin.Pointer, buffer.Length, out _, native))
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != StillPending)
            {
                operation.OnCompleted(0);
                throw new InvalidOperationException($"The write failed with {error}.");
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

    public MemoryHandle Pin { get; set; }

    public void OnCompleted(int transferred)
    {
        Pin.Dispose();
        _completion.TrySetResult(transferred);
    }

    public void Cancel() => _completion.TrySetCanceled();
}
