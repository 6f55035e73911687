#nullable enable
using NvmeGpu;

internal static class Owned
{
    public static ReadToken Wake(IoUring ring)
    {
        ReadToken token = ring.Nop();
        {|NVG0009:ring.Submit()|};
        return token;
    }
}
