#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class Loop
{
    public static int Count(int rounds)
    {
        int sum = 0;
        byte* block = (byte*)NativeMemory.AllocZeroed(64);
        for (int i = 0; i < rounds; i++)
        {
            sum += {|NVG0008.may:block|}[i];
            NativeMemory.Free({|NVG0008.may:block|});
        }
        return sum;
    }
}
