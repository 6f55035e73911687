#nullable enable
using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>IAsyncDisposable over a stream; a semaphore limits how many regions are out.</summary>
public sealed class BlockSource : IAsyncDisposable
{
    private const int Block = 65536;
    private readonly UringStream _stream = UringStream.Open(new IoUringOptions { DepthMax = 8 });
    private readonly GpuMappedBuffer _buffer = GpuMappedBuffer.AllocateHost(8 * Block);
    private readonly ConcurrentBag<RegisteredRegion> _free = [];
    private readonly SemaphoreSlim _count = new(8, 8);
    private readonly RegisteredFile _file;

    public BlockSource(SafeFileHandle handle)
    {
        _file = _stream.Register(handle);
        RegisteredMemory memory = _stream.Register(_buffer);
        for (int i = 0; i < 8; i++)
        {
            _free.Add(memory.Region((long)i * Block, Block));
        }
    }

    public async Task<int> UseAsync(
        long offset, Func<RegisteredRegion, int, int> use, CancellationToken cancel)
    {
        await _count.WaitAsync(cancel).ConfigureAwait(false);
        if (!_free.TryTake(out RegisteredRegion region))
        {
            throw new InvalidOperationException("No region although the semaphore says so.");
        }
        try
        {
            int count = await _stream.ReadAsync(region, _file, offset, cancel).ConfigureAwait(false);
            return use(region, count);
        }
        finally
        {
            _free.Add(region);
            _count.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _buffer.Dispose();
        _count.Dispose();
    }
}
