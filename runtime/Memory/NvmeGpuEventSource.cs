#nullable enable
using System.Diagnostics.Tracing;

namespace NvmeGpu;

/// <summary>Events "NvmeGpu", for what must be reported where no caller can be told.</summary>
[EventSource(Name = "NvmeGpu")]
sealed partial class NvmeGpuEventSource : EventSource
{
    public static readonly NvmeGpuEventSource Log = new();

    private NvmeGpuEventSource()
    {
    }

    /// <summary>Memory was given up because operations on it may still run.</summary>
    [Event(1, Level = EventLevel.Error,
        Message = "A buffer of {0} bytes is leaked: its ring was lost, or could not be drained, with "
        + "operations in flight, or a driver did not let it go.")]
    public void BufferLeaked(long lengthBytes) => WriteEvent(1, lengthBytes);

    /// <summary>A driver did not take something back.</summary>
    [Event(2, Level = EventLevel.Error, Message = "Releasing {0} failed: {1} answers {2}.")]
    public void ReleaseFailed(string what, string operation, string result) =>
        WriteEvent(2, what, operation, result);
}
