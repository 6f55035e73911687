#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;

internal sealed class Pinned
{
    private readonly byte[] _page = new byte[4096];

    public nint Address()
    {
        GCHandle pin = GCHandle.Alloc(_page, GCHandleType.Pinned);
        pin.Free();
        return {|NVG0008:pin|}.AddrOfPinnedObject();
    }
}
