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
    /// Puts bytes at the start of the memory, which has room for a block and for bytes behind it that must
    /// stay as they are.
    /// </summary>
    /// <returns>0, or a negative error number.</returns>
    int Fill(ReadOnlySpan<byte> bytes);

    /// <summary>Takes bytes from the start of the memory.</summary>
    /// <returns>0, or a negative error number.</returns>
    int CopyOut(Span<byte> bytes);

    /// <summary>Reads into the start of the memory, once, without continuing a short read.</summary>
    /// <returns>Bytes, or a negative error number.</returns>
    int Read(long offsetBytes, int lengthBytes);
}
