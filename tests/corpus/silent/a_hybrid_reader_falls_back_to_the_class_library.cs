#nullable enable
using System;
using System.Buffers;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>Where io_uring is forbidden, RandomAccess reads into a rented array instead.</summary>
public sealed class HybridReader : IAsyncDisposable
{
    private readonly UringStream? _stream;
    private readonly GpuMappedBuffer? _buffer;
    private readonly RegisteredMemory? _memory;
    private readonly SemaphoreSlim _gate = new(1, 1);

    public HybridReader(int blockBytes)
    {
        try
        {
            _stream = UringStream.Open(new IoUringOptions { DepthMax = 1 });
            _buffer = GpuMappedBuffer.AllocateHost(blockBytes);
            _memory = _stream.Register(_buffer);
        }
        catch (IoUringException) when (_memory is null)
        {
            _buffer?.Dispose();
            _stream?.Dispose();
            _buffer = null;
            _stream = null;
        }
    }

    public async ValueTask<byte[]> ReadAsync(string path, int length, CancellationToken cancel = default)
    {
        using SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.Asynchronous);
        if (_stream is not { } stream || _memory is not { } memory)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                int count = await RandomAccess.ReadAsync(handle, rented.AsMemory(0, length), 0, cancel);
                return rented[..count];
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        RegisteredFile file = stream.Register(handle);
        try
        {
            RegisteredRegion region = memory.Region(0, length);
            int count = await stream.ReadAsync(region, file, 0, cancel).ConfigureAwait(false);
            byte[] result = new byte[count];
            Marshal.Copy(region.Address, result, 0, count);
            return result;
        }
        finally
        {
            stream.Unregister(file);
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        _buffer?.Dispose();
        _gate.Dispose();
    }
}
