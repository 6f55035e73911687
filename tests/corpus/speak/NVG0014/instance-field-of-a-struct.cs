#nullable enable
using NvmeGpu.Contracts;

internal unsafe struct Functions
{
    [MayBlock]
    public delegate* unmanaged[SuppressGCTransition]<void*, int> {|NVG0014:Synchronize|};

    public delegate* unmanaged[SuppressGCTransition]<int> Version;
}
