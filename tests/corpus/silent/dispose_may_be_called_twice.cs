#nullable enable
using System;
using System.Buffers;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>Dispose asks its own flag; owned types and the array of the pool go back once.</summary>
public sealed class TwiceDisposable : IDisposable
{
    private readonly IoUring _ring = IoUring.Create(new IoUringOptions { DepthMax = 2 });
    private readonly GpuMappedBuffer _buffer = GpuMappedBuffer.AllocateHost(4096);
    private byte[]? _copy = ArrayPool<byte>.Shared.Rent(4096);

    public unsafe ReadOnlySpan<byte> Read(SafeFileHandle handle)
    {
        ObjectDisposedException.ThrowIf(_copy is null, this);
        using RegisteredMemory memory = _ring.Register(_buffer);
        RegisteredFile file = _ring.Register(handle);
        RegisteredRegion region = memory.Region(0, 4096);
        _ = _ring.Read(region, file, 0);
        _ring.Wait(1, Timeout.InfiniteTimeSpan);
        if (!_ring.TryReap(out Completion completion) || !completion.IsSuccess)
        {
            return default;
        }
        new ReadOnlySpan<byte>((void*)region.Address, completion.ByteCount).CopyTo(_copy);
        _ring.Unregister(file);
        return _copy.AsSpan(0, completion.ByteCount);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffer.Dispose();
        if (_copy is { } copy)
        {
            _copy = null;
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}
