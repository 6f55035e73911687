using System;
using System.IO.Hashing;

namespace NvmeGpu.Tool.Hashing;

/// <summary>XXH3 with 64 bits and seed 0.</summary>
internal sealed class Xxh3Hash : ISourceHash
{
    private readonly XxHash3 _hash = new();

    public void Append(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

    public string Finish()
    {
        string text = _hash.GetCurrentHashAsUInt64().ToString("x16");
        _hash.Reset();
        return text;
    }

    public void Reset() => _hash.Reset();
}
