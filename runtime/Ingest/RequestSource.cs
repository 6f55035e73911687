#nullable enable
namespace NvmeGpu;

/// <summary>
/// What requests can name as their source: a registered file or a namespace, and what bounds it.
/// </summary>
/// <param name="File">Of a file.</param>
/// <param name="Namespace">Of a namespace.</param>
/// <param name="LengthBytes">Requests end at or before this.</param>
/// <param name="AlignmentBytes">Of offsets and lengths.</param>
/// <param name="AddressAlignmentBytes">Of the destination.</param>
/// <param name="ReadBytesMax">Of one read; a longer request becomes several.</param>
readonly partial record struct RequestSource(
    RegisteredFile File, NvmeNamespace? Namespace, long LengthBytes, int AlignmentBytes,
    int AddressAlignmentBytes, int ReadBytesMax)
{
    /// <summary>A namespace that its owner has disposed.</summary>
    public bool IsGone => Namespace is { IsClosed: true };

    public static RequestSource Of(RegisteredFile file, in SourceFile opened) => new(
        file, null, opened.LengthBytes, opened.DirectAlignmentBytes, opened.DirectAlignmentBytes,
        int.MaxValue & -IngestOptions.SlotSizeStepBytes);

    public static RequestSource Of(NvmeNamespace source) => new(
        default, source, checked((long)source.LengthLbas * source.LbaBytes), source.LbaBytes,
        source.AlignmentBytes, source.TransferBytesMax);

    /// <summary>
    /// Bytes to read for so many that were asked for: up to the next multiple of the alignment where they end
    /// with the source.
    /// </summary>
    public long RoundUp(uint byteCount) =>
        (byteCount + (long)AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes;
}
