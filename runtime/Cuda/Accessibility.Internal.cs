#nullable enable
// Source mode: everything is internal to the consumer and hidden from its friends. Project mode:
// Accessibility.Public.cs. A pair of its own, because these files are a part that can be left out.
namespace NvmeGpu;

[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaContext;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaDevice;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaDriver;
[Microsoft.CodeAnalysis.Embedded] internal static partial class CudaErrors;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaException;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaHostAllocProvider;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaHostRegisteredProvider;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaStream;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class DeviceMemory;

// Internal in both modes.
[Microsoft.CodeAnalysis.Embedded] internal ref partial struct CudaCalls;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct CudaFailure;
[Microsoft.CodeAnalysis.Embedded] internal static partial class CudaFunctionTable;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaHostAllocation;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class CudaHostMapping;
[Microsoft.CodeAnalysis.Embedded] internal static partial class CudaLibrary;
