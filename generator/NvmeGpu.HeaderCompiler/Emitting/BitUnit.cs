using System;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>The integer that a bit-field is read from and written to.</summary>
internal readonly record struct BitUnit(long OffsetBytes, int SizeBytes) : IComparable<BitUnit>
{
    public string FieldName => $"_bits{OffsetBytes}_{SizeBytes}";

    public string Keyword => SizeBytes switch { 1 => "byte", 2 => "ushort", 4 => "uint", _ => "ulong" };

    /// <summary>The smallest aligned unit that holds all the bits; null when even 64 bits do not.</summary>
    public static BitUnit? For(long offsetBits, int widthBits)
    {
        for (int sizeBytes = 1; sizeBytes <= 8; sizeBytes *= 2)
        {
            long start = offsetBits / (sizeBytes * 8) * sizeBytes;
            if (offsetBits + widthBits <= (start + sizeBytes) * 8)
            {
                return new BitUnit(start, sizeBytes);
            }
        }
        return null;
    }

    public int CompareTo(BitUnit other) =>
        (OffsetBytes, SizeBytes).CompareTo((other.OffsetBytes, other.SizeBytes));
}
