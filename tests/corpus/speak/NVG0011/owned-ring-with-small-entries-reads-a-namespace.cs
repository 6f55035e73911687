#nullable enable
using System;
using NvmeGpu;

internal static class SmallRing
{
    public static int First(GpuMappedBuffer buffer, NvmeNamespace source)
    {
        using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
        AttachedMemory memory = ring.Attach(buffer);
        ReadToken token = {|NVG0011:ring.Read(memory.Region(0, 4096), source, 0, 8)|};
        while (true)
        {
            _ = ring.Wait(1, TimeSpan.FromSeconds(1));
            if (ring.TryReap(out Completion completion) && completion.Token == token)
            {
                return completion.IsSuccess ? completion.ByteCount : -1;
            }
        }
    }
}
