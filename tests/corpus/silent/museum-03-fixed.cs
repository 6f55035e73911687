#nullable enable
// Museum row 3, fixed (museum/03-constructor-keeps-a-fixed-pointer.cs):
// https://github.com/markdwags/Razor/pull/249
// The reader pins the array for as long as it lives.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal sealed unsafe class PacketReader : IDisposable
{
    private GCHandle _pin;

    [KernelRetains(Until.Completion)]
    private readonly byte* _data;
    private readonly int _lengthBytes;
    private int _position;

    public PacketReader(byte[] buffer, bool isDynamic)
    {
        _pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        _data = (byte*)_pin.AddrOfPinnedObject();
        _lengthBytes = buffer.Length;
        _position = isDynamic ? 3 : 1;
    }

    public void Dispose() => _pin.Free();

    public byte ReadByte() => _position + 1 > _lengthBytes ? (byte)0 : _data[_position++];

    public short ReadInt16() => (short)((ReadByte() << 8) | ReadByte());
}

internal static class Handlers
{
    public static string[] OnCompressedGump(byte[] inflated)
    {
        using var reader = new PacketReader(inflated, isDynamic: false);
        var lines = new string[inflated.Length]; // the collection that moves the array comes from here
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = new string('?', Math.Max(0, (int)reader.ReadInt16()));
        }
        return lines;
    }
}
