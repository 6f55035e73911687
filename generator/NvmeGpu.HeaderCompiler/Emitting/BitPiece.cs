using System;
using System.Collections.Generic;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>Bits of a bit-field that one integer of the struct holds.</summary>
/// <param name="Shift">Where they begin in the integer.</param>
/// <param name="WidthBits">How many they are.</param>
/// <param name="ValueShift">Where they begin in the bit-field's value.</param>
internal readonly record struct BitPiece(BitUnit Unit, int Shift, int WidthBits, int ValueShift)
{
    /// <summary>As many ones as there are bits.</summary>
    public string Mask => $"0x{(WidthBits == 64 ? ulong.MaxValue : (1UL << WidthBits) - 1):X}UL";

    /// <summary>
    /// The integers that a bit-field is read from and written to: one where possible. None of them reaches
    /// beyond the struct, whose size would grow.
    /// </summary>
    /// <param name="offsetBits">Where it begins in the struct.</param>
    /// <param name="widthBits">1 to 64.</param>
    /// <param name="endBytes">Where the struct ends.</param>
    public static IReadOnlyList<BitPiece> Of(long offsetBits, int widthBits, long endBytes)
    {
        if (BitUnit.For(offsetBits, widthBits, endBytes) is { } unit)
        {
            return [new BitPiece(unit, (int)(offsetBits - (unit.OffsetBytes * 8)), widthBits, 0)];
        }
        // A packed field that crosses every unit: byte by byte where it must be, in larger steps where it
        // can.
        var pieces = new List<BitPiece>();
        for (int done = 0; done < widthBits;)
        {
            long at = (offsetBits + done) / 8;
            int shift = (int)((offsetBits + done) % 8);
            int bytesLeft = (shift + widthBits - done + 7) / 8;
            int sizeBytes = bytesLeft switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 };
            int width = Math.Min(widthBits - done, (sizeBytes * 8) - shift);
            pieces.Add(new BitPiece(new BitUnit(at, sizeBytes), shift, width, done));
            done += width;
        }
        return pieces;
    }
}
