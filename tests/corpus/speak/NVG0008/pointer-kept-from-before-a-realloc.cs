#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class Growing
{
    public static int Grow()
    {
        byte* small = (byte*)NativeMemory.AllocZeroed(16);
        byte* large = (byte*)NativeMemory.Realloc(small, 32);
        large[31] = 1;
        int first = *{|NVG0008:small|};
        NativeMemory.Free(large);
        return first;
    }
}
