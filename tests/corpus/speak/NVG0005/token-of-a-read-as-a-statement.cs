#nullable enable
using NvmeGpu;

internal sealed class Reader(IoUring ring, RegisteredMemory memory)
{
    public int Begin(RegisteredFile file)
    {
        {|NVG0005:ring.Read(memory.Region(0, 4096), file, 0)|};
        return ring.Submit();
    }
}
