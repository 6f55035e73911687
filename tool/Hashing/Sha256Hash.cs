using System;
using System.Security.Cryptography;

namespace NvmeGpu.Tool.Hashing;

/// <summary>SHA-256 by the system's OpenSSL, as sha256sum(1) prints it.</summary>
internal sealed class Sha256Hash : ISourceHash
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public string Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest);
    }

    public void Reset()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
    }
}
