#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class BothBranches
{
    public static long Last(bool isLoud)
    {
        var value = (long*)NativeMemory.AllocZeroed(sizeof(long));
        if (isLoud)
        {
            Console.WriteLine("done");
            NativeMemory.Free(value);
        }
        else
        {
            NativeMemory.Free(value);
        }
        return *{|NVG0008:value|};
    }
}
