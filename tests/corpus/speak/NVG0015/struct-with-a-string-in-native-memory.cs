#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal struct Named
{
    public int Number;
    public string? Name;
}

internal static unsafe class References
{
#pragma warning disable CS8500 // the mistake of this file
    public static void Fill(io_uring_sqe* sqe)
    {
        Named* named = (Named*)NativeMemory.AllocZeroed((nuint)sizeof(Named));
        named->Number = 1;
        sqe->addr = {|NVG0015:(ulong)named|};
    }
}
