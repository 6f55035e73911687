#nullable enable
using NvmeGpu;

internal static class Unread
{
    public static ReadToken Wake(IoUring ring)
    {
        ReadToken token = ring.Nop();
        int count = {|NVG0009:ring.Submit()|};
        return token;
    }
}
