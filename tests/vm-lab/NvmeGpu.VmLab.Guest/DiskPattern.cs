using System;
using System.Runtime.InteropServices;

namespace NvmeGpu.VmLab;

/// <summary>
/// What the lab's drives hold: the 64-bit word at byte offset o is the (o / 8)-th value of SplitMix64 from
/// the drive's seed. So host and guest know every range without the file, and no two ranges or drives are
/// alike. Compiled into both.
/// </summary>
internal static class DiskPattern
{
    public const int WordBytes = sizeof(ulong);

    /// <summary>The word that begins at an offset, a multiple of 8.</summary>
    public static ulong WordAt(long offsetBytes, ulong seed)
    {
        unchecked
        {
            // Vigna's SplitMix64, whose state only ever grows by a constant: any position can be had
            // directly.
            ulong z = seed + ((((ulong)offsetBytes / WordBytes) + 1) * 0x9E3779B97F4A7C15);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Writes what is at an offset; both offset and length are multiples of 8.</summary>
    public static void Fill(Span<byte> bytes, long offsetBytes, ulong seed)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = WordAt(offsetBytes + ((long)i * WordBytes), seed);
        }
    }

    /// <summary>
    /// The position of the first word that is not what is at an offset; -1 when all of them are. Offset and
    /// length are multiples of 8.
    /// </summary>
    public static long FirstDifference(ReadOnlySpan<byte> bytes, long offsetBytes, ulong seed)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] != WordAt(offsetBytes + ((long)i * WordBytes), seed))
            {
                return (long)i * WordBytes;
            }
        }
        return -1;
    }
}
