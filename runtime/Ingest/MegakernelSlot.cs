#nullable enable
using System;
using System.Runtime.InteropServices;

namespace NvmeGpu;

/// <summary>Whose turn it is with one entry of the queue. One writing side per transition.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum MegakernelSlotStatus : uint
{
    /// <summary>The driver's. To Published: by the driver.</summary>
    Free = 0,

    /// <summary>The consumer's. To Consumed: by the consumer that claimed the position.</summary>
    Published = 1,

    /// <summary>The driver's again. To Free: by the driver.</summary>
    Consumed = 2,
}

/// <summary>
/// What the consumer is to do with a published slot: the low 16 bits are an opcode, the others flags.
/// </summary>
[Flags]
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum MegakernelOperation : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Look at the bytes.</summary>
    Consume = 1,

    /// <summary>Nothing more of this source follows: it is at its end with this slot.</summary>
    LastOfSource = 1 << 16,

    /// <summary>
    /// Nothing more of this source follows: it failed. No bytes; what was published of it is to be dropped.
    /// </summary>
    Abandoned = 1 << 17,

    /// <summary>
    /// No bytes: the storage could not deliver those that the entry names, and the source goes on behind
    /// them. Only with <see cref="IngestOptions.FailedSlotsMax"/>.
    /// </summary>
    SlotFailed = 1 << 18,
}

/// <summary>
/// One entry of the queue, eight 32-bit words, as the GPU sees it. All words but <see cref="Status"/> are
/// written by the driver before it publishes, and by nobody afterwards.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
partial struct MegakernelSlot
{
    /// <summary>Of one entry, here and on the device.</summary>
    public const int SizeBytes = 32;

    /// <summary>A <see cref="MegakernelOperation"/>.</summary>
    public uint Operation { get; set; }

    /// <summary>The source's number, modulo 2^32.</summary>
    public uint Source { get; set; }

    /// <summary>The slot whose bytes these are.</summary>
    public uint Destination { get; set; }

    /// <summary>Where in the source these bytes begin: the lower 32 bits.</summary>
    public uint OffsetLow { get; set; }

    /// <summary>The upper 32 bits.</summary>
    public uint OffsetHigh { get; set; }

    /// <summary>Bytes in the slot; those that are missing when it failed.</summary>
    public uint ByteCount { get; set; }

    /// <summary>A <see cref="MegakernelSlotStatus"/>; the only word that changes hands.</summary>
    public uint Status { get; set; }

    /// <summary>
    /// The position in the order of publishing, modulo 2^32: tells a round of the queue from the next.
    /// </summary>
    public uint Tag { get; set; }
}
