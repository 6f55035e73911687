#nullable enable
// Project mode: what is public. Source mode compiles Accessibility.Internal.cs in its place.
namespace NvmeGpu;

public sealed partial record CapabilityCheck;
public readonly partial struct Completion;
public static partial class Errno;
public sealed partial class GpuMappedBuffer;
public sealed partial class HostMemoryProvider;
public sealed partial class IoUring;
public sealed partial class IoUringException;
public readonly partial record struct IoUringFeature;
public sealed partial class IoUringFeatures;
public readonly partial record struct IoUringOptions;
public static partial class MemoryLimits;
public static partial class PeerMemoryTable;
public readonly partial record struct ReadToken;
public readonly partial record struct RegisteredFile;
public sealed partial class RegisteredMemory;
public readonly partial struct RegisteredRegion;
public static partial class SubmissionEntry;
public sealed partial class UringStream;
