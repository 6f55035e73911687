#nullable enable
using System;
using System.Runtime.CompilerServices;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// A piece of attached memory that knows its ring, address and length. It owns nothing: the
/// <see cref="AttachedMemory"/> that it came from does, and once that is released the region is refused.
/// </summary>
readonly partial struct AttachedRegion
{
    internal AttachedRegion(AttachedMemory memory, nint address, int lengthBytes)
    {
        Memory = memory;
        Address = address;
        LengthBytes = lengthBytes;
    }

    /// <summary>What this is a piece of.</summary>
    public AttachedMemory Memory { get; }

    /// <summary>First byte.</summary>
    [Stable]
    public nint Address { get; }

    /// <summary>Bytes, 1 and more.</summary>
    public int LengthBytes { get; }

    /// <summary>A piece of this piece.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would reach beyond this region, or be
    /// empty.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public AttachedRegion Slice(long offsetBytes, int lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes <= 0 || offsetBytes > LengthBytes - lengthBytes)
        {
            RegisteredRegion.ThrowOutOfRange(offsetBytes, lengthBytes, LengthBytes);
        }
        return new AttachedRegion(Memory, Address + (nint)offsetBytes, lengthBytes);
    }
}
