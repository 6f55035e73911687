using System;
using System.Buffers.Binary;
using System.Numerics;

namespace NvmeGpu.Tool.Hashing;

/// <summary>
/// CRC-32C (Castagnoli; RFC 3720), by the processor's instruction where it has one. System.IO.Hashing has
/// only the other CRC-32.
/// </summary>
internal sealed class Crc32CHash : ISourceHash
{
    private uint _state = uint.MaxValue;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }
        _state = state;
    }

    public string Finish()
    {
        string text = (~_state).ToString("x8");
        Reset();
        return text;
    }

    public void Reset() => _state = uint.MaxValue;
}
