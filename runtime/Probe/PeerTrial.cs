#nullable enable
namespace NvmeGpu;

/// <summary>What came of the trial read through a path into peer memory.</summary>
/// <param name="Check">Outcome and reason.</param>
/// <param name="WasTried">There was peer memory, and a read into it was begun.</param>
/// <param name="Memory">Whose memory was proven; null when none was.</param>
readonly partial record struct PeerTrial(
    CapabilityCheck Check, bool WasTried, IPeerMemoryProvider? Memory = null);
