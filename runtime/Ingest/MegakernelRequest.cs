#nullable enable
using System;

namespace NvmeGpu;

/// <summary>Whose turn it is with one entry of a request queue. One writing side per transition.</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum MegakernelRequestStatus : uint
{
    /// <summary>The requester's. To Requested: by the requester.</summary>
    Free = 0,

    /// <summary>The loop's. To Done or Failed: by the loop.</summary>
    Requested = 1,

    /// <summary>
    /// The requester's: the bytes are in the destination. To Free or Requested: by the requester.
    /// </summary>
    Done = 2,

    /// <summary>
    /// The requester's: the tag says why there are none. To Free or Requested: by the requester.
    /// </summary>
    Failed = 3,
}

/// <summary>
/// Why a request failed: what its tag becomes. Beyond these it is <see cref="Errno"/> plus the kernel's error
/// number, or <see cref="Nvme"/> plus the drive's status.
/// </summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum MegakernelRequestError : uint
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>The operation is not a read (1).</summary>
    UnknownOperation = 1,

    /// <summary>No source has this handle, or it was released.</summary>
    UnknownSource = 2,

    /// <summary>No destination has this handle, or it was released.</summary>
    UnknownDestination = 3,

    /// <summary>No bytes were asked for, or they run past the end of the source.</summary>
    OutsideSource = 4,

    /// <summary>More bytes than the destination has.</summary>
    OutsideDestination = 5,

    /// <summary>Offset, bytes or destination are not aligned as the source needs it.</summary>
    Misaligned = 6,

    /// <summary>The source ended earlier than it did when it was added.</summary>
    SourceEnded = 7,

    /// <summary>The loop was ended, or source or destination released, before all was read.</summary>
    Ended = 8,

    /// <summary>The kernel's error number is added to this.</summary>
    Errno = 1 << 16,

    /// <summary>The drive's status is added to this.</summary>
    Nvme = 2 << 16,
}

/// <summary>
/// What a requester asks for, as one entry of a <see cref="MegakernelRequestQueue"/> holds it.
/// </summary>
/// <param name="Source">From <see cref="MegakernelIoLoop.AddFile"/> or
/// <see cref="MegakernelIoLoop.AddNamespace"/>.</param>
/// <param name="Destination">From <see cref="MegakernelIoLoop.AddDestination"/>; the bytes go to its
/// start.</param>
/// <param name="OffsetBytes">Where in the source.</param>
/// <param name="ByteCount">1 and more. A direct read of a file's end may write behind these bytes, up to the
/// next multiple of the alignment and inside of the destination.</param>
/// <param name="Tag">The requester's own; comes back unless the request fails.</param>
readonly partial record struct MegakernelRequest(
    uint Source, uint Destination, ulong OffsetBytes, uint ByteCount, uint Tag);

/// <summary>What came of a request.</summary>
/// <param name="Error"><see cref="MegakernelRequestError.None"/> when the bytes are there.</param>
/// <param name="Tag">The request's, when it did not fail.</param>
readonly partial record struct MegakernelAnswer(MegakernelRequestError Error, uint Tag)
{
    /// <summary>The bytes are in the destination.</summary>
    public bool IsSuccess => Error == MegakernelRequestError.None;
}
