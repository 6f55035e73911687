#nullable enable
using System;
using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>Idle regions wait in a queue and go back to it with their completion.</summary>
public sealed class RegionQueue : IDisposable
{
    private readonly IoUring _ring = IoUring.Create(new IoUringOptions { DepthMax = 16 });
    private readonly GpuMappedBuffer _buffer = GpuMappedBuffer.AllocateHost(16 * 4096);
    private readonly Queue<RegisteredRegion> _idle = new();
    private readonly RegisteredRegion[] _busy = new RegisteredRegion[16];

    public RegionQueue()
    {
        RegisteredMemory memory = _ring.Register(_buffer);
        for (int i = 0; i < 16; i++)
        {
            _idle.Enqueue(memory.Region(i * 4096L, 4096));
        }
    }

    public RegisteredFile Open(SafeFileHandle handle) => _ring.Register(handle);

    public bool TryRead(RegisteredFile file, long offset)
    {
        if (!_idle.TryDequeue(out RegisteredRegion region))
        {
            return false;
        }
        _busy[_ring.Read(region, file, offset).Index] = region;
        return true;
    }

    public int Collect(Action<RegisteredRegion, int> use)
    {
        int failures = 0;
        ring();
        while (_ring.TryReap(out Completion completion))
        {
            RegisteredRegion region = _busy[completion.Token.Index];
            if (completion.IsSuccess)
            {
                use(region, completion.ByteCount);
            }
            else
            {
                failures++;
            }
            _idle.Enqueue(region);
        }
        return failures;

        void ring() => _ring.Wait(1, TimeSpan.FromMilliseconds(10));
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffer.Dispose();
    }
}
