using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Sections of a 64-bit little-endian ELF object, by name: constants are read from it, and nothing is run.
/// </summary>
internal static class ObjectFile
{
    public static Dictionary<string, byte[]> ReadSections(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 64 || !file.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException($"{path} is no 64-bit little-endian ELF file");
        }
        // elf(5): e_shoff, e_shentsize, e_shnum, e_shstrndx; with very many sections the first one has the
        // count.
        long table = Long(file, 40);
        int entryBytes = Short(file, 58);
        long count = Short(file, 60) != 0 ? Short(file, 60) : Long(file, table + 32);
        long namesIndex = Short(file, 62) != 0xFFFF ? Short(file, 62) : Int(file, table + 40);
        long names = Long(file, table + (namesIndex * entryBytes) + 24);
        var sections = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (long i = 1; i < count; i++)
        {
            long header = table + (i * entryBytes);
            ReadOnlySpan<byte> name = file.AsSpan((int)(names + Int(file, header)));
            const int TypeNoBits = 8;
            if (Int(file, header + 4) != TypeNoBits)
            {
                sections[Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)])] = file.AsSpan(
                    (int)Long(file, header + 24), (int)Long(file, header + 32)).ToArray();
            }
        }
        return sections;
    }

    private static ushort Short(byte[] file, long at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan((int)at));

    private static uint Int(byte[] file, long at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at));

    private static long Long(byte[] file, long at) =>
        BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan((int)at));
}
