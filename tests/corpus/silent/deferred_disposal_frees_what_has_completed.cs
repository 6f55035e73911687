#nullable enable
using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>What cannot be freed yet goes on a list, and is freed when its completion came.</summary>
public sealed class DeferredDisposal(IoUring ring)
{
    private readonly Dictionary<ReadToken, GpuMappedBuffer> _waiting = [];

    public void ReadAndForget(SafeFileHandle handle, long offset)
    {
        GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredMemory memory = ring.Register(buffer);
        RegisteredFile file = ring.Register(handle);
        ReadToken token = ring.Read(memory.Region(0, 4096), file, offset);
        _waiting.Add(token, buffer);
        memory.Dispose();
        ring.Unregister(file);
    }

    public int Sweep()
    {
        int failures = 0;
        while (ring.TryReap(out Completion completion))
        {
            failures += completion.IsSuccess && !completion.IsShort ? 0 : 1;
            if (_waiting.Remove(completion.Token, out GpuMappedBuffer? buffer))
            {
                buffer.Dispose();
            }
        }
        return failures;
    }
}
