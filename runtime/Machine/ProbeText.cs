#nullable enable

namespace NvmeGpu;

/// <summary>What came of reading a file of /proc or /sys: its text, or why there is none.</summary>
/// <param name="Text">The contents; null when they could not be read.</param>
/// <param name="IsThere">The file exists, as far as one can see.</param>
/// <param name="Reason">Why there is no text: a clause without a full stop; empty when there is.</param>
readonly partial record struct ProbeText(string? Text, bool IsThere, string Reason)
{
    /// <summary>The text without white space around it; empty when there is none.</summary>
    public string Trimmed => Text?.Trim() ?? "";
}
