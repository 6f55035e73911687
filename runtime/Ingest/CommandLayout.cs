#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// How a slot is filled by read commands of a namespace. Metadata that has a place of its own goes to the end
/// of the slot, where the next command overwrites it: nobody is given it, and the slot has that much less
/// room for data.
/// </summary>
/// <param name="SlotBytesMax">The most bytes of a slot, whole blocks; 0 when not even one fits.</param>
/// <param name="CommandBytesMax">The most bytes of one command, whole blocks.</param>
/// <param name="MetadataStartBytes">Where in the slot a command's metadata goes, a multiple of 4; 0 for
/// none.</param>
readonly partial record struct CommandLayout(int SlotBytesMax, int CommandBytesMax, int MetadataStartBytes)
{
    /// <param name="source">Whose blocks.</param>
    /// <param name="slotSizeBytes">Bytes of a slot.</param>
    /// <param name="transferBytesMax">The most that a command may transfer into such memory.</param>
    public static CommandLayout Of(NvmeNamespace source, int slotSizeBytes, int transferBytesMax)
    {
        int blockBytes = source.LbaBytes;
        int commandBytesMax = Math.Max(transferBytesMax, blockBytes);
        if (!source.IsMetadataSeparate)
        {
            return new CommandLayout(slotSizeBytes / blockBytes * blockBytes, commandBytesMax, 0);
        }
        int blocks = Math.Min(
            commandBytesMax / blockBytes, slotSizeBytes / (blockBytes + source.MetadataBytes));
        int startBytes = (slotSizeBytes - (blocks * source.MetadataBytes)) & -NvmeCommand.AlignmentBytesMin;
        return blocks == 0
            ? default
            : new CommandLayout(startBytes / blockBytes * blockBytes, blocks * blockBytes, startBytes);
    }
}
