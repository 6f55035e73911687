#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

internal sealed unsafe class Pieces
{
    private readonly iovec* _pieces = (iovec*)NativeMemory.AllocZeroed((nuint)sizeof(iovec));

    public void Prepare()
    {
        void* page = NativeMemory.Alloc(4096);
        NativeMemory.Free(page);
        _pieces[0].iov_base = {|NVG0008:page|};
        _pieces[0].iov_len = 4096;
    }
}
