#nullable enable
using System;
using NvmeGpu;

internal sealed class Pair(IoUring ring, RegisteredMemory memory)
{
    public ReadToken Begin(RegisteredFile file)
    {
        ReadToken head = ring.Read(memory.Region(0, 512), file, 0);
        ReadToken tail = {|NVG0005:ring.Read(memory.Region(512, 512), file, 512)|};
        return ring.Submit() == 2 ? head : throw new InvalidOperationException("A short submit.");
    }
}
