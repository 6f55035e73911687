#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal struct Query
{
    public int Number;
    public char Kind;
}

internal static class Driver
{
    [DllImport("storage")]
    internal static extern int storage_query(
        int device, [KernelRetains(Until.Submit)] ref {|NVG0015:Query|} query);
}
