#nullable enable
// Project mode: what is public. Source mode compiles Accessibility.Internal.cs in its place.
namespace NvmeGpu;

public sealed partial record CapabilityCheck;
public readonly partial record struct CompletedIngest;
public readonly partial struct Completion;
public static partial class Errno;
public sealed partial class GpuMappedBuffer;
public sealed partial class HostMegakernel;
public sealed partial class HostMemoryProvider;
public sealed partial class IngestException;
public readonly partial record struct IngestItem;
public readonly partial record struct IngestOptions;
public sealed partial class IngestSource;
public readonly partial struct IngestedSlot;
public sealed partial class IoUring;
public sealed partial class IoUringException;
public readonly partial record struct IoUringFeature;
public sealed partial class IoUringFeatures;
public readonly partial record struct IoUringOptions;
public sealed partial class MegakernelIoQueue;
public partial struct MegakernelSlot;
public static partial class MemoryLimits;
public sealed partial class NvmeGpuIngestDriver;
public readonly partial record struct NvmeGpuIngestTelemetry;
public static partial class PeerMemoryTable;
public readonly ref partial struct PublishedSlot;
public readonly partial record struct ReadToken;
public readonly partial record struct RegisteredFile;
public sealed partial class RegisteredMemory;
public readonly partial struct RegisteredRegion;
public readonly partial record struct SlotIndex;
public static partial class SubmissionEntry;
public sealed partial class UringStream;
