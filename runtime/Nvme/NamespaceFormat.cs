#nullable enable
using System;
using System.Buffers.Binary;

namespace NvmeGpu;

/// <summary>
/// How a namespace is formatted, out of the drive's own description (Identify Namespace, CNS 00h). Source:
/// NVM Command Set Specification 1.0, section 4.1.5.1, figure "Identify Namespace Data Structure".
/// </summary>
/// <param name="LengthLbas">Blocks of the namespace (NSZE).</param>
/// <param name="DataBytes">Bytes of data of a block, a power of two from 512 up (LBADS).</param>
/// <param name="MetadataBytes">Bytes of metadata of a block (MS), 0 for none.</param>
/// <param name="IsMetadataExtended">The metadata follows each block's data in the same buffer.</param>
/// <param name="ProtectionType">Type of end-to-end protection, 1 to 3; 0 for none (DPS).</param>
readonly partial record struct NamespaceFormat(
    ulong LengthLbas, int DataBytes, int MetadataBytes, bool IsMetadataExtended, int ProtectionType)
{
    /// <summary>The structure's number in the Identify command (CNS).</summary>
    public const byte Structure = 0x00;

    private const int NumberOfFormatsAt = 25; // NLBAF, counted from 0
    private const int FormattedSizeAt = 26; // FLBAS
    private const int ProtectionAt = 29; // DPS
    private const int FormatsAt = 128; // LBAF0 and on, 4 bytes each
    private const int FormatsMax = 64;

    // 2^9 is the specification's least, and more than a gigabyte is nobody's block.
    private const int DataShiftMin = 9;
    private const int DataShiftMax = 24;

    /// <summary>Null when the description makes no sense: it is another command set's, or damaged.</summary>
    public static NamespaceFormat? Parse(ReadOnlySpan<byte> identify)
    {
        int formatted = identify[FormattedSizeAt];
        int index = formatted & 0xf;
        if (identify[NumberOfFormatsAt] >= 16)
        {
            index |= formatted >> 1 & 0x30; // bits 6:5 are the index's high bits when there are that many
        }
        if (index >= FormatsMax || index > identify[NumberOfFormatsAt])
        {
            return null;
        }
        ReadOnlySpan<byte> format = identify.Slice(FormatsAt + (index * 4), 4);
        int dataShift = format[2];
        ulong lengthLbas = BinaryPrimitives.ReadUInt64LittleEndian(identify);
        if (dataShift is < DataShiftMin or > DataShiftMax || lengthLbas == 0)
        {
            return null;
        }
        int metadataBytes = BinaryPrimitives.ReadUInt16LittleEndian(format);
        return new NamespaceFormat(
            lengthLbas, 1 << dataShift, metadataBytes,
            metadataBytes > 0 && (formatted & 0x10) != 0, identify[ProtectionAt] & 7);
    }
}
