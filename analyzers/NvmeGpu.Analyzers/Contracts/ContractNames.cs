namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// Metadata names of the contract attributes; bindings/Contracts declares them, a test holds the two
/// together.
/// </summary>
internal static class ContractNames
{
    public const string Aligned = "AlignedAttribute";
    public const string Completes = "CompletesAttribute";
    public const string KernelRetains = "KernelRetainsAttribute";
    public const string MayBlock = "MayBlockAttribute";
    public const string MustObserve = "MustObserveAttribute";
    public const string OperationToken = "OperationTokenAttribute";
    public const string PageLocked = "PageLockedAttribute";
    public const string Registered = "RegisteredAttribute";
    public const string Releases = "ReleasesAttribute";
    public const string RequiresRing = "RequiresRingAttribute";
    public const string Stable = "StableAttribute";
    public const string Transfers = "TransfersAttribute";
}
