#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal static unsafe class Twice
{
    public static void Run()
    {
        void* block = NativeMemory.Alloc(64);
        NativeMemory.Free(block);
        NativeMemory.Free({|NVG0008:block|});
    }
}
