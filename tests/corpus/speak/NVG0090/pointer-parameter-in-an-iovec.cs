#nullable enable
using NvmeGpu.Bindings;

internal static unsafe class Pieces
{
    public static void Set(iovec* pieces, int index, byte* {|NVG0090:data|}, int lengthBytes)
    {
        pieces[index] = new iovec { iov_base = data, iov_len = (nuint)lengthBytes };
    }
}
