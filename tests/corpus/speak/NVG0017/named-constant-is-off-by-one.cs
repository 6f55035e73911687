#nullable enable
using NvmeGpu.Contracts;

internal abstract class Pages
{
    private const int PageBytes = 4096;

    protected abstract int Read(long offsetBytes, [Aligned(4096)] int lengthBytes);

    public int Next(long offsetBytes) =>
        Read(lengthBytes: {|NVG0017:PageBytes - 1|}, offsetBytes: offsetBytes);
}
