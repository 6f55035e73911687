#nullable enable
using NvmeGpu.Contracts;

internal sealed unsafe class Table(nint address)
{
    [MayBlock]
    public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<int, uint, int> {|NVG0014:Enter|} =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<int, uint, int>)address;
}
