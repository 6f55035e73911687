#nullable enable
using System.Threading;
using NvmeGpu;

internal sealed class Blind(RegisteredMemory memory)
{
    public bool Read(IoUring ring, RegisteredFile file)
    {
        ReadToken token = ring.Read(memory.Region(0, 4096), file, 0);
        ring.Wait(1, Timeout.InfiniteTimeSpan);
        return {|NVG0009:ring.TryReap(out Completion completion)|} && completion.Token == token;
    }
}
