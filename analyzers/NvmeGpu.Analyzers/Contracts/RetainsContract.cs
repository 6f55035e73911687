namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// A <c>[KernelRetains]</c> contract: how long the address is kept, the names of the siblings that carry the
/// length and the position of the transfer, and whether the kernel gives the value back unread.
/// </summary>
internal sealed class RetainsContract(Retention until, string? length, string? offset, bool isOpaque)
{
    public Retention Until { get; } = until;

    /// <summary>Null when the operation is no transfer of so many bytes.</summary>
    public string? Length { get; } = length;

    public string? Offset { get; } = offset;

    public bool IsOpaque { get; } = isOpaque;
}
