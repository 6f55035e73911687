#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal sealed unsafe class Holder
{
    private readonly int* _values = (int*)NativeMemory.AllocZeroed(8, sizeof(int));

    public int Close()
    {
        NativeMemory.Free(_values);
        return {|NVG0008:_values|}[7];
    }
}
