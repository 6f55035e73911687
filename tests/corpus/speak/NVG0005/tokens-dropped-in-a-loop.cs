#nullable enable
using NvmeGpu;

internal sealed class Batch(IoUring ring, RegisteredMemory memory)
{
    public int Begin(RegisteredFile file, int count)
    {
        for (int i = 0; i < count; i++)
        {
            {|NVG0005:ring.Read(memory.Region(i * 4096L, 4096), file, i * 4096L)|};
        }
        return ring.Submit();
    }
}
