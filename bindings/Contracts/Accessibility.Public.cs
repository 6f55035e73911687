#nullable enable
// Project mode: the types are public. Source mode compiles Accessibility.Internal.cs in its place.
namespace NvmeGpu.Contracts;

public sealed partial class AlignedAttribute;
public sealed partial class CompletesAttribute;
public sealed partial class KernelRetainsAttribute;
public sealed partial class MayBlockAttribute;
public sealed partial class MustObserveAttribute;
public sealed partial class OperationTokenAttribute;
public sealed partial class PageLockedAttribute;
public sealed partial class RegisteredAttribute;
public sealed partial class ReleasesAttribute;
public sealed partial class RequiresRingAttribute;
public sealed partial class StableAttribute;
public sealed partial class TransfersAttribute;
