#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

[StructLayout(LayoutKind.Auto)]
internal struct Shuffled
{
    public byte Kind;
    public long Number;
}

internal static unsafe class Automatic
{
    public static void Fill(io_uring_sqe* sqe)
    {
        Shuffled* items = (Shuffled*)NativeMemory.AllocZeroed(8, (nuint)sizeof(Shuffled));
        sqe->addr = {|NVG0015:(ulong)items|};
        sqe->len = 8 * (uint)sizeof(Shuffled);
    }
}
