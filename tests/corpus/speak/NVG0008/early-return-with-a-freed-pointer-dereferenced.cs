#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class Early
{
    public static int Read(bool isShort)
    {
        int* counter = (int*)Marshal.AllocCoTaskMem(sizeof(int));
        *counter = 3;
        Marshal.FreeCoTaskMem((nint)counter);
        if (isShort)
        {
            return {|NVG0008:counter|}[0];
        }
        return 0;
    }
}
