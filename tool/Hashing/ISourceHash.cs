using System;

namespace NvmeGpu.Tool.Hashing;

/// <summary>
/// The running hash of one source. Used again for the next source after <see cref="Finish"/> or Reset.
/// </summary>
internal interface ISourceHash
{
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// The hash of everything since the last reset, in lower-case hexadecimal; then resets.
    /// </summary>
    string Finish();

    void Reset();

    static ISourceHash? Create(HashKind kind) => kind switch
    {
        HashKind.Sha256 => new Sha256Hash(),
        HashKind.Crc32C => new Crc32CHash(),
        HashKind.Xxh3 => new Xxh3Hash(),
        _ => null,
    };
}
