#nullable enable
// Source mode: everything is internal to the consumer and hidden from its friends. Project mode: Accessibility.Public.cs.
namespace NvmeGpu;

[Microsoft.CodeAnalysis.Embedded] internal sealed partial record CapabilityCheck;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial struct Completion;
[Microsoft.CodeAnalysis.Embedded] internal static partial class Errno;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class GpuMappedBuffer;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class HostMemoryProvider;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IoUring;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IoUringException;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct IoUringFeature;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class IoUringFeatures;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct IoUringOptions;
[Microsoft.CodeAnalysis.Embedded] internal static partial class MemoryLimits;
[Microsoft.CodeAnalysis.Embedded] internal static partial class PeerMemoryTable;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct ReadToken;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial record struct RegisteredFile;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class RegisteredMemory;
[Microsoft.CodeAnalysis.Embedded] internal readonly partial struct RegisteredRegion;
[Microsoft.CodeAnalysis.Embedded] internal static partial class SubmissionEntry;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class UringStream;

// Internal in both modes.
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class BufferTable;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class FileTable;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class NvmeGpuEventSource;
[Microsoft.CodeAnalysis.Embedded] internal partial struct OperationTable;
[Microsoft.CodeAnalysis.Embedded] internal partial struct RingQueues;
[Microsoft.CodeAnalysis.Embedded] internal static partial class RingSetup;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class StreamRead;
[Microsoft.CodeAnalysis.Embedded] internal static partial class UserData;
