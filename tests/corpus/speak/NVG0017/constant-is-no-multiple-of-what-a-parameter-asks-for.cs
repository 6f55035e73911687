#nullable enable
using NvmeGpu.Contracts;

internal abstract class Disk
{
    protected abstract void Seek([Aligned(512)] long offsetBytes);

    public void Start() => Seek({|NVG0017:100|});
}
