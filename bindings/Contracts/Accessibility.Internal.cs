#nullable enable
// Source mode: the types are internal to the consumer, and hidden from its friends. Project mode:
// Accessibility.Public.cs.
namespace NvmeGpu.Contracts;

[Microsoft.CodeAnalysis.Embedded] internal sealed partial class AlignedAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CompletesAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class KernelRetainsAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class MayBlockAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class MustObserveAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class OperationTokenAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class PageLockedAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class RegisteredAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class ReleasesAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class RequiresRingAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class StableAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class TransfersAttribute;
