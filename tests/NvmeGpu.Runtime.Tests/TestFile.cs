using System;
using System.Buffers.Binary;
using System.IO;
using NvmeGpu.TestKit;

namespace NvmeGpu.Runtime.Tests;

/// <summary>
/// Files whose bytes say where they stand: the 64-bit word at byte offset o is splitmix64 of o / 8 and the
/// seed. Any range can be checked without the file, and no two places look alike.
/// </summary>
internal static class TestFile
{
    public static string Create(TemporaryFolder folder, string name, long lengthBytes, ulong seed = 1)
    {
        string path = folder.PathOf(name);
        using FileStream file = File.Create(path);
        byte[] block = new byte[1 << 20];
        for (long offset = 0; offset < lengthBytes; offset += block.Length)
        {
            int count = (int)Math.Min(block.Length, lengthBytes - offset);
            Fill(block.AsSpan(0, count), offset, seed);
            file.Write(block, 0, count);
        }
        return path;
    }

    /// <summary>Writes what belongs at that offset, which must be a multiple of 8.</summary>
    public static void Fill(Span<byte> bytes, long offset, ulong seed = 1)
    {
        Span<byte> word = stackalloc byte[8];
        for (int i = 0; i < bytes.Length; i += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(
                word, SplitMix64(((ulong)(offset + i) / 8) + (seed << 40)));
            word[..Math.Min(8, bytes.Length - i)].CopyTo(bytes[i..]);
        }
    }

    public static byte[] Expected(long offset, int count, ulong seed = 1)
    {
        long start = offset / 8 * 8;
        byte[] bytes = new byte[count + (int)(offset - start)];
        Fill(bytes, start, seed);
        return bytes[(int)(offset - start)..];
    }

    private static ulong SplitMix64(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
