#nullable enable
using NvmeGpu.Contracts;

internal struct FixedRead
{
    [{|NVG0090:Registered(Index = nameof(Slot), Length = "Bytes")|}]
    public ulong Address;

    public ushort Slot;
    public uint LengthBytes;
}
