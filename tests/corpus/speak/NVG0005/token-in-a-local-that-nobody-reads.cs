#nullable enable
using NvmeGpu;

internal sealed class Reader(IoUring ring, RegisteredMemory memory)
{
    public bool Begin(RegisteredFile file)
    {
        ReadToken token = {|NVG0005:ring.Read(memory.Region(0, 4096), file, offsetBytes: 4096)|};
        return ring.Submit() == 1;
    }
}
