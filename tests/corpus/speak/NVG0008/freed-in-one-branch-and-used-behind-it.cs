#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class Branch
{
    public static int Sum(bool isDone)
    {
        int* values = (int*)NativeMemory.AllocZeroed(2, sizeof(int));
        if (isDone)
        {
            NativeMemory.Free(values);
        }
        return *{|NVG0008.may:values|};
    }
}
