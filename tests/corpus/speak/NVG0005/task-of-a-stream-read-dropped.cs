#nullable enable
using NvmeGpu;

internal sealed class Prefetcher(UringStream stream)
{
    public void Prefetch(RegisteredRegion region, RegisteredFile file)
    {
        {|NVG0005:stream.ReadAsync(region, file, 0)|};
    }
}
