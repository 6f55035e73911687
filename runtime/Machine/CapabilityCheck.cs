#nullable enable
namespace NvmeGpu;

/// <summary>How a check of the machine ended. "Cannot tell" is not "missing".</summary>
#if NVMEGPU_PUBLIC
public
#else
[Microsoft.CodeAnalysis.Embedded]
#endif
enum CapabilityOutcome
{
    /// <summary>There, and usable.</summary>
    Ok = 0,

    /// <summary>Looked for and not there.</summary>
    Missing = 1,

    /// <summary>There, but this process may not use it.</summary>
    NoPermission = 2,

    /// <summary>Could not be found out, for example because a file of /proc cannot be read.</summary>
    CannotTell = 3,

    /// <summary>A trial read brought the right bytes: the only outcome that is more than a sign.</summary>
    Proven = 4,
}

/// <summary>
/// One check of the machine: what was looked at, what came of it, what was seen, what to do.
/// </summary>
/// <param name="Id">A stable name for programs, for example <c>io_uring</c>.</param>
/// <param name="Title">The question in a few words.</param>
/// <param name="Outcome">The answer.</param>
/// <param name="Detail">What was seen, in one sentence.</param>
/// <param name="Advice">What to do about it; empty when there is nothing to do.</param>
sealed partial record CapabilityCheck(
    string Id, string Title, CapabilityOutcome Outcome, string Detail, string Advice = "")
{
    /// <summary>The thing can be used.</summary>
    public bool IsOk => Outcome is CapabilityOutcome.Ok or CapabilityOutcome.Proven;
}
