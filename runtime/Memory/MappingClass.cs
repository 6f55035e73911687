#nullable enable

namespace NvmeGpu;

/// <summary>What the kernel says of the memory behind a range of addresses.</summary>
/// <param name="Kind">Its kind; null when the flags do not decide it.</param>
/// <param name="Flags">The <c>VmFlags</c> of the first mapping in the range, for example <c>rd wr mr mw me
/// ac</c>.</param>
/// <param name="MappedFile">The file or name that the mapping has; empty for anonymous memory.</param>
/// <param name="Reason">What decided, or why nothing does, in one sentence.</param>
readonly partial record struct MappingClass(
    PeerMemoryKind? Kind, string Flags, string MappedFile, string Reason)
{
    /// <summary>Every byte of the range is mapped; null when that could not be found out.</summary>
    public bool? IsMapped { get; init; }
}
