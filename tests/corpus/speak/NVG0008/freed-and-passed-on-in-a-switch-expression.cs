#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class Choice
{
    public static int Pick(int kind)
    {
        long* value = (long*)NativeMemory.AllocZeroed(sizeof(long));
        NativeMemory.Free(value);
        return kind switch
        {
            0 => 0,
            1 => (int)*{|NVG0008:value|},
            _ => -1,
        };
    }
}
