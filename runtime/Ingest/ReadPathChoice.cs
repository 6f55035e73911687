#nullable enable
using System;

namespace NvmeGpu;

/// <summary>Which path a driver takes, and why.</summary>
static partial class ReadPathChoice
{
    /// <summary>A look-up: what the slots' memory is good for decides.</summary>
    /// <param name="asked">The path by name, or null for the best that is there.</param>
    /// <exception cref="NotSupportedException">The path is not there; the probe's reason says
    /// why.</exception>
    public static (NativeReadPath Path, string Reason) Choose(NativeReadPath? asked) => asked switch
    {
        // Peer memory comes from a provider that is asked for by name; none was, so there is nothing to
        // weigh.
        null => (NativeReadPath.RegisteredMappedRead,
            "auto: the slots are host memory, which registered reads serve on every filesystem"),
        NativeReadPath.RegisteredMappedRead => (NativeReadPath.RegisteredMappedRead, "as asked"),
        { } other => throw new NotSupportedException(
            $"The read path {other} is not available: {GpuDirectCapability.Probe().For(other).Reason}"),
    };
}
