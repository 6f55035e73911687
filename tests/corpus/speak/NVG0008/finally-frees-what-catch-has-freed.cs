#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu;

internal static class TryTwice
{
    public static void Run(Action work)
    {
        nint block = Marshal.AllocHGlobal(64);
        try
        {
            work();
        }
        catch (InvalidOperationException)
        {
            Marshal.FreeHGlobal(block);
        }
        finally
        {
            Marshal.FreeHGlobal({|NVG0008.may:block|});
        }
    }
}
