#nullable enable
using NvmeGpu;
using NvmeGpu.Contracts;

internal abstract class Writer
{
    protected abstract void WriteFixed(
        [Registered(Index = nameof(slot), Length = nameof(lengthBytes))] nint address,
        ushort slot,
        int lengthBytes);

    public void Write(RegisteredRegion log, RegisteredRegion index, bool isLog)
    {
        if (isLog)
        {
            WriteFixed(log.Address, log.BufferIndex, log.LengthBytes);
            return;
        }
        WriteFixed(index.Address, {|NVG0006:log.BufferIndex|}, index.LengthBytes);
    }
}
