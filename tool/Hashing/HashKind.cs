namespace NvmeGpu.Tool.Hashing;

/// <summary>What the consumer computes of each source.</summary>
internal enum HashKind
{
    Sha256,
    Crc32C,
    Xxh3,
    None,
}
