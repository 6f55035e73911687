#nullable enable
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal static unsafe class Spanned
{
    public static void Fill(iovec* piece, int count)
    {
        Span<int> values = new int[count];
        void* start = Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));
        piece->iov_base = {|NVG0007:start|};
        piece->iov_len = (nuint)(count * sizeof(int));
    }
}
