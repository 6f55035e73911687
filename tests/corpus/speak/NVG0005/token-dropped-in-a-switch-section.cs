#nullable enable
using NvmeGpu;

internal sealed class Chooser(IoUring ring, RegisteredMemory memory)
{
    public int Begin(RegisteredFile file, int kind)
    {
        switch (kind)
        {
            case 0:
                {|NVG0005:ring.Nop()|};
                break;
            case 1:
                {|NVG0005:ring.Read(file: file, offsetBytes: 0, into: memory.Region(0, 512))|};
                break;
        }
        return ring.Submit();
    }
}
