#nullable enable
using System;

namespace NvmeGpu;

/// <summary>
/// A way to read that is on trial: some memory, and something that reads a file's bytes into it.
/// </summary>
#if !NVMEGPU_PUBLIC
[Microsoft.CodeAnalysis.Embedded]
#endif
interface ITrialPath
{
    /// <summary>
    /// The memory that is read into, with room behind the block for bytes that must stay as they are.
    /// </summary>
    Span<byte> Target { get; }

    /// <summary>Reads into the start of the target, once, without continuing a short read.</summary>
    /// <returns>Bytes, or a negative error number.</returns>
    int Read(long offsetBytes, int lengthBytes);
}
