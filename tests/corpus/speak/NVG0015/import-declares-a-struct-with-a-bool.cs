#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal struct Request
{
    public ulong Address;
    public bool IsWrite;
}

internal static unsafe class Driver
{
    [DllImport("storage")]
    internal static extern int storage_submit([KernelRetains(Until.Completion)] {|NVG0015:Request*|} request);
}
