#nullable enable
// Museum row 5: https://github.com/dotnet/corefx/pull/3575 (C#)
// The same bookkeeping with the owned types: fields remember a region, clearing the buffer releases its
// registration but not the remembered region, and the next operation uses the old one. The ring knows better.
// caught: checked runtime
using NvmeGpu;

internal sealed class ReadArguments(IoUring ring, RegisteredFile file)
{
    private GpuMappedBuffer? _buffer;
    private GpuMappedBuffer? _registeredBuffer;
    private RegisteredMemory? _memory;
    private RegisteredRegion _region;
    private bool _isOperationActive;

    public void SetBuffer(GpuMappedBuffer? buffer)
    {
        _buffer = buffer;
        if (buffer is null)
        {
            Release();
        }
    }

    public ReadToken Read(long offsetBytes)
    {
        RegisterUnlessRegistered();
        _isOperationActive = true;
        return ring.Read(_region, file, offsetBytes); // ObjectDisposedException: what it names was released
    }

    public void OnCompleted() => _isOperationActive = false;

    private void RegisterUnlessRegistered()
    {
        if (_registeredBuffer == _buffer)
        {
            return;
        }
        _memory = ring.Register(_buffer!);
        _region = _memory.Region(0, 4096);
        _registeredBuffer = _buffer;
    }

    private void Release()
    {
        _memory?.Dispose();
        if (_isOperationActive)
        {
            _registeredBuffer = null; // only here: after a completed operation the old state stays
        }
    }
}
