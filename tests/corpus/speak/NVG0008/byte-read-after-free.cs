#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class LateReader
{
    public static int First()
    {
        byte* block = (byte*)NativeMemory.AllocZeroed(64);
        NativeMemory.Free(block);
        return {|NVG0008:block|}[0];
    }
}
