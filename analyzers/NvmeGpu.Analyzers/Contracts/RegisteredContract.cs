namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// A <c>[Registered]</c> contract: the names of the siblings that carry the index and the length.
/// </summary>
internal sealed class RegisteredContract(string? index, string? length)
{
    public string? Index { get; } = index;

    public string? Length { get; } = length;
}
