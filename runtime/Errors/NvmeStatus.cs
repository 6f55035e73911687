#nullable enable
namespace NvmeGpu;

/// <summary>
/// What a drive answered to a command: the status field of the completion, without the phase bit, as the
/// kernel hands it over in a passthrough completion (<c>res</c> greater than 0).
/// <code>
///   14    13     12..11  10..8   7..0
///   DNR   more   CRD     type    code
/// </code>
/// Source: NVM Express Base Specification 2.0, section 3.3.3.2.1 (Status Field); linux/nvme.h.
/// </summary>
/// <param name="Value">The 15 bits; 0 is success.</param>
readonly partial record struct NvmeStatus(ushort Value)
{
    private const ushort DoNotRetryBit = 0x4000;
    private const ushort MoreBit = 0x2000;
    private const int MediaErrorType = 2;

    /// <summary>Status code type (SCT) 0 to 7: what the code is a number of.</summary>
    public int CodeType => Value >> 8 & 7;

    /// <summary>Status code (SC), 0 to 255.</summary>
    public int Code => Value & 0xff;

    /// <summary>The command did what was asked: type 0, code 0.</summary>
    public bool IsSuccess => (Value & 0x7ff) == 0;

    /// <summary>
    /// Of type 2, Media and Data Integrity Errors: it is about these blocks, and says nothing of others.
    /// </summary>
    public bool IsMediaError => CodeType == MediaErrorType;

    /// <summary>The drive says that the same command would fail again (DNR).</summary>
    public bool IsDoNotRetry => (Value & DoNotRetryBit) != 0;

    /// <summary>The drive's error log has more about it (the More bit).</summary>
    public bool HasMore => (Value & MoreBit) != 0;

    /// <summary>Which of the drive's three delays to wait before a retry, 1 to 3; 0 for none (CRD).</summary>
    public int RetryDelayIndex => Value >> 11 & 3;

    /// <summary>
    /// The specification's name, for example <c>LBA Out of Range</c>; type and code where it has none.
    /// </summary>
    public string Name => NvmeStatusNames.Find(CodeType, Code)
        ?? $"{NvmeStatusNames.OfType(CodeType)}, code 0x{Code:x2}";

    /// <summary>For example <c>0x4080 (LBA Out of Range; do not retry)</c>.</summary>
    public override string ToString() =>
        $"0x{Value:x4} ({Name}{(HasMore ? "; the error log has more" : "")}"
            + $"{(IsDoNotRetry ? "; do not retry" : "")})";
}
