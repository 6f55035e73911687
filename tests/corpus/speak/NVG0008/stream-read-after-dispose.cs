#nullable enable
using System.Threading.Tasks;
using NvmeGpu;

internal static class StreamGone
{
    public static ValueTask<int> ReadAsync(RegisteredFile file, RegisteredRegion region)
    {
        UringStream stream = UringStream.Open(new IoUringOptions());
        stream.Dispose();
        return {|NVG0008:stream|}.ReadAsync(region, file, 0);
    }
}
