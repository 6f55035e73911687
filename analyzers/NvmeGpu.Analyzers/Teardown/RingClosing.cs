using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Rings;

namespace NvmeGpu.Analyzers.Teardown;

/// <summary>Calls after which a ring, or its table of buffers, needs no memory any more.</summary>
internal static class RingClosing
{
    /// <summary>The ring that is closed, or whose buffers are unregistered; null for other calls.</summary>
    public static ISymbol? RingClosedBy(IOperation operation)
    {
        if (RingCall.TryFrom(operation, out RingCall call))
        {
            return call.Name is "io_uring_queue_exit" or "io_uring_unregister_buffers"
                ? RingIdentity.Of(call.Ring)
                : null;
        }
        return operation is IInvocationOperation { TargetMethod.Name: "Dispose", Instance: { } instance }
            && RingIdentity.IsOwnedRing(instance.Type)
            ? RingIdentity.Of(instance)
            : null;
    }
}
