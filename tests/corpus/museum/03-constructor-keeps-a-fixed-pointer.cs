#nullable enable
// Museum row 3: https://github.com/markdwags/Razor/pull/249 (C#)
// A packet reader's constructor stored the pointer of a fixed statement in a field and kept no reference to
// the array. Every later read went to where the array had been; in production an access violation, as soon as
// something was allocated between construction and first read. The field carries the contract that its use
// implies.
// caught: NVG0001
using System;
using NvmeGpu.Contracts;

internal sealed unsafe class PacketReader
{
    [KernelRetains(Until.Completion)]
    private readonly byte* _data;
    private readonly int _lengthBytes;
    private int _position;

    public PacketReader(byte[] buffer, bool isDynamic)
    {
        fixed (byte* p = buffer)
        {
            _data = {|NVG0001:p|};
        }
        _lengthBytes = buffer.Length;
        _position = isDynamic ? 3 : 1;
    }

    public byte ReadByte() => _position + 1 > _lengthBytes ? (byte)0 : _data[_position++];

    public short ReadInt16() => (short)((ReadByte() << 8) | ReadByte());
}

internal static class Handlers
{
    public static string[] OnCompressedGump(byte[] inflated)
    {
        var reader = new PacketReader(inflated, isDynamic: false);
        var lines = new string[inflated.Length]; // the collection that moves the array comes from here
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = new string('?', Math.Max(0, (int)reader.ReadInt16()));
        }
        return lines;
    }
}
