#nullable enable
using NvmeGpu.Contracts;

internal abstract class Writer
{
    protected abstract void WriteFixed(
        [{|NVG0090:Registered(Index = "bufferIndex")|}] nint address, ushort slot, int lengthBytes);

    protected abstract void Flush();
}
