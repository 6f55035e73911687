#nullable enable
// Project mode: what is public. Source mode compiles Accessibility.Internal.cs in its place.
namespace NvmeGpu;

public sealed partial class CudaContext;
public sealed partial class CudaDevice;
public sealed partial class CudaDriver;
public static partial class CudaErrors;
public sealed partial class CudaException;
public sealed partial class CudaHostAllocProvider;
public sealed partial class CudaHostRegisteredProvider;
public sealed partial class CudaStream;
public sealed partial class DeviceMemory;
