#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal struct Inner
{
    public int Count;
    public bool IsLast;
}

internal struct Outer
{
    public long Offset;
    public Inner Inner;
}

internal static unsafe class Deep
{
    public static void Fill(iovec* piece)
    {
        Outer* outer = (Outer*)NativeMemory.AllocZeroed((nuint)sizeof(Outer));
        piece->iov_base = {|NVG0015:outer|};
        piece->iov_len = (nuint)sizeof(Outer);
    }
}
