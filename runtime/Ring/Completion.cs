#nullable enable
using System;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// How one operation ended. A result is never silently widened: an errno is no count, a count no status.
/// </summary>
readonly partial struct Completion
{
    private readonly int _result;

    internal Completion(ReadToken token, int result, int askedBytes)
    {
        Token = token;
        _result = result;
        AskedBytes = askedBytes;
    }

    /// <summary>Which operation.</summary>
    public ReadToken Token { get; }

    /// <summary>Bytes that were asked for; 0 for a NOP.</summary>
    public int AskedBytes { get; }

    /// <summary>
    /// The kernel did not report an error. The read may still be short: see <see cref="IsShort"/>.
    /// </summary>
    [MustObserve]
    public bool IsSuccess => _result >= 0;

    /// <summary>Fewer bytes than asked for: the end of the file, or a read that must be continued.</summary>
    public bool IsShort => _result >= 0 && _result < AskedBytes;

    /// <summary>Bytes read, 0 to <see cref="AskedBytes"/>.</summary>
    /// <exception cref="InvalidOperationException">The operation failed: look at <see cref="IsSuccess"/>
    /// first.</exception>
    [MustObserve]
    public int ByteCount => _result >= 0
        ? _result
        : throw new InvalidOperationException(
            $"The operation failed with {NvmeGpu.Errno.NameOf(-_result)}, so there is no byte count: look at "
            + "IsSuccess first.");

    /// <summary>The positive error number; 0 on success.</summary>
    public int Errno => _result < 0 ? -_result : 0;
}
