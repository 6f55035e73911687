#nullable enable
using System.Threading;
using NvmeGpu;

internal sealed class OwnedLoader(RegisteredMemory memory)
{
    public bool Load(RegisteredFile file)
    {
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(memory.LengthBytes);
        ReadToken token = ring.Read(ring.Register(buffer).Region(0, 4096), file, 0);
        ring.Wait(1, Timeout.InfiniteTimeSpan);
        return ring.TryReap(out Completion completion)
            && completion.Token == token
            && {|NVG0009:completion.IsSuccess|};
    }
}
