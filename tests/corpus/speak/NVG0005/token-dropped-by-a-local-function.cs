#nullable enable
using NvmeGpu;

internal sealed class Nested(IoUring ring, RegisteredMemory memory)
{
    public int Begin(RegisteredFile file)
    {
        Queue(0);
        Queue(4096);
        return ring.Submit();

        void Queue(long offsetBytes)
        {
            var token = {|NVG0005:ring.Read(memory.Region(offsetBytes, 4096), file, offsetBytes)|};
        }
    }
}
