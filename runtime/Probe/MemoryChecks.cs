#nullable enable

namespace NvmeGpu;

/// <summary>What the kernel says of the memory that slots are made of.</summary>
static partial class MemoryChecks
{
    private const int ProbedBytes = 64 << 10;

    /// <summary>Check 12: the flags of a buffer just allocated.</summary>
    public static CapabilityCheck MappingFlags(ProbeEnvironment environment)
    {
        const string Title = "The kind of memory that slots have (VmFlags)";
        GpuMappedBuffer buffer;
        try
        {
            buffer = GpuMappedBuffer.AllocateHost(ProbedBytes);
        }
        catch (IoUringException e)
        {
            return new(
                CapabilityCheckId.MappingFlags, Title, CapabilityOutcome.CannotTell, e.Message,
                "Free memory, then probe again.");
        }
        using (buffer)
        {
            MappingClass found = MappingClassifier.Classify(environment, buffer.Address, buffer.LengthBytes);
            return found.Kind switch
            {
                PeerMemoryKind.HostMapped => new(
                    CapabilityCheckId.MappingFlags, Title, CapabilityOutcome.Ok,
                    $"Host memory as it should be ({found.Flags})."),
                null => new(
                    CapabilityCheckId.MappingFlags, Title, CapabilityOutcome.CannotTell, found.Reason,
                    "Make /proc/self/smaps readable; nothing depends on it for host memory."),
                _ => new(
                    CapabilityCheckId.MappingFlags, Title, CapabilityOutcome.Missing,
                    $"A host buffer looks like {found.Kind} ({found.Flags}): {found.Reason}",
                    "Report this with the kernel's version."),
            };
        }
    }
}
