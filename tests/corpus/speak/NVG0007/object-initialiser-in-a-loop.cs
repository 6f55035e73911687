#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal static unsafe class Pieces
{
    public static void Fill(iovec* pieces, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var page = new byte[4096];
            pieces[i] = new iovec { iov_base = {|NVG0007:Unsafe.AsPointer(ref page[0])|}, iov_len = 4096 };
        }
    }
}
