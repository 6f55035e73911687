using System.Runtime.InteropServices;

namespace NvmeGpu.Runtime.Tests.Cuda.Kernels;

/// <summary><c>struct megakernel_parameters</c> of slot.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelParameters
{
    public nint Entries;
    public nint Slots;
    public nint SlotOffsets;
    public nint Next;
    public nint Stop;
    public nint Results;
    public nint Destinations;
    public nint Literals;
    public nint LiteralBytes;
    public uint EntryMask;
    public uint SlotCount;
    public uint ResultStrideBytes;
    public uint DestinationCount;
    public uint LiteralCount;
    public uint OverlapBytes;
}

/// <summary><c>struct destination</c> of slot.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelDestination
{
    public ulong Address;
    public ulong LengthBytes;
}

/// <summary><c>struct literal</c> of slot.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelLiteral
{
    public uint First;
    public uint ByteCount;
}

/// <summary><c>enum slot_operation</c> of slot.h.</summary>
internal enum KernelOperation : uint
{
    None = 0,
    Consume = 1,
    Copy = 2,
    Crc32C = 3,
    Xxh3 = 4,
    Histogram = 5,
    Matches = 6,
}

/// <summary><c>enum result_error</c> of slot.h.</summary>
internal enum KernelError : uint
{
    None = 0,
    NoOperation = 1,
    NoDestination = 2,
    NoLiterals = 3,
}

/// <summary>What the kernel wrote about one slot.</summary>
internal sealed record KernelResult(uint Tag, uint ByteCount, KernelError Error, uint[] Words);
