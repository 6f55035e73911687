#nullable enable
using NvmeGpu;

internal static class Unused
{
    public static bool Next(IoUring ring)
    {
        if (!ring.TryReap(out Completion completion))
        {
            return false;
        }
        int count = {|NVG0009:completion.ByteCount|};
        return true;
    }
}
