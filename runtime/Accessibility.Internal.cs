#nullable enable
// Source mode: everything is internal to the consumer and hidden from its friends. Project mode: Accessibility.Public.cs.
namespace NvmeGpu;

[Microsoft.CodeAnalysis.Embedded] internal sealed partial record CapabilityCheck;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct CompletedIngest;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial struct Completion;
[Microsoft.CodeAnalysis.Embedded] internal static partial class Errno;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class GpuMappedBuffer;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class HostMegakernel;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class HostMemoryProvider;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IngestException;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct IngestItem;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct IngestOptions;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IngestSource;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial struct IngestedSlot;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IoUring;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IoUringException;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct IoUringFeature;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IoUringFeatures;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct IoUringOptions;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class MegakernelIoQueue;
[Microsoft.CodeAnalysis.Embedded] internal partial struct MegakernelSlot;
[Microsoft.CodeAnalysis.Embedded] internal static partial class MemoryLimits;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class NvmeGpuIngestDriver;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct NvmeGpuIngestTelemetry;
[Microsoft.CodeAnalysis.Embedded] internal static partial class PeerMemoryTable;
[Microsoft.CodeAnalysis.Embedded] internal readonly ref partial struct PublishedSlot;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct ReadToken;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct RegisteredFile;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class RegisteredMemory;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial struct RegisteredRegion;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct SlotIndex;
[Microsoft.CodeAnalysis.Embedded] internal static partial class SubmissionEntry;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class UringStream;

// Internal in both modes.
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class BufferTable;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class Doorbell;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class FileTable;
[Microsoft.CodeAnalysis.Embedded] internal partial struct IngestCounts;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IngestRun;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class NvmeGpuEventSource;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class OpenSource;
[Microsoft.CodeAnalysis.Embedded] internal partial struct OperationTable;
[Microsoft.CodeAnalysis.Embedded] internal static partial class ReadPathChoice;
[Microsoft.CodeAnalysis.Embedded] internal partial struct RingQueues;
[Microsoft.CodeAnalysis.Embedded] internal static partial class RingSetup;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct SlotLayout;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct SourceFile;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class StreamRead;
[Microsoft.CodeAnalysis.Embedded] internal static partial class UserData;
