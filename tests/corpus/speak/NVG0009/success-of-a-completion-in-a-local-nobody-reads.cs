#nullable enable
using NvmeGpu;

internal static class Unread
{
    public static int Drain(IoUring ring)
    {
        int count = 0;
        while (ring.TryReap(out Completion completion))
        {
            bool isGood = {|NVG0009:completion.IsSuccess|};
            count++;
        }
        return count;
    }
}
