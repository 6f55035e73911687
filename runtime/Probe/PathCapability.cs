#nullable enable
namespace NvmeGpu;

/// <summary>Whether a read path can be used here and, if not, the first thing that is missing.</summary>
/// <param name="Path">Which path.</param>
/// <param name="IsAvailable">Nothing that it needs is missing; of a path into peer memory also that a trial
/// read has proven it.</param>
/// <param name="FirstMissing">
/// The first check that stands in the way; null when none does. A check whose outcome is "cannot tell" counts
/// only after all that are known to be missing.
/// </param>
/// <param name="Trial">What came of reading through this very path.</param>
/// <param name="Reason">One or two sentences for people, with what to do.</param>
sealed partial record PathCapability(
    NativeReadPath Path, bool IsAvailable, CapabilityCheck? FirstMissing, CapabilityCheck Trial,
    string Reason)
{
    /// <summary>A trial read through this path brought the right bytes.</summary>
    public bool IsProven => Trial.Outcome == CapabilityOutcome.Proven;
}
