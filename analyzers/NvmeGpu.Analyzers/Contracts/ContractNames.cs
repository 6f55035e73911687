namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// Metadata names of the contract attributes; bindings/Contracts declares them, a test holds the two
/// together.
/// </summary>
internal static class ContractNames
{
    public const string KernelRetains = "KernelRetainsAttribute";
    public const string Registered = "RegisteredAttribute";
    public const string Releases = "ReleasesAttribute";
    public const string Stable = "StableAttribute";
}
