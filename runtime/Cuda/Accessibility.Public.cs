#nullable enable
// Project mode: what is public. Source mode compiles Accessibility.Internal.cs in its place.
namespace NvmeGpu;

public sealed partial class CudaDevice;
public sealed partial class CudaDriver;
public static partial class CudaErrors;
public sealed partial class CudaException;
