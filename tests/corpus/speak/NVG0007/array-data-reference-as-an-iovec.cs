#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal static unsafe class Vector
{
    public static void Fill(iovec* pieces)
    {
        byte[] body = new byte[512];
        pieces[0].iov_base = {|NVG0007:Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(body))|};
        pieces[0].iov_len = 512;
    }
}
