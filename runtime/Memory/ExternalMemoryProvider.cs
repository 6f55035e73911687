#nullable enable
using System;
using System.Threading;

namespace NvmeGpu;

/// <summary>
/// Memory that somebody else has mapped: another GPU's, an FPGA's, a driver's. The door for what this library
/// has no provider for. The range is handed out as one buffer, once; when neither the caller nor any ring
/// uses it any more, it goes back by the caller's own action.
/// <para>
/// What the kernel accepts the range for is found out by its <c>VmFlags</c> (<see
/// cref="MappingClassifier"/>), not believed: mappings without page structures (gdrcopy, /dev/nvidiaN,
/// resourceN of /sys) are refused, because every read into them fails. Pages that a driver put there can only
/// be told apart by the caller, and by a trial read.
/// </para>
/// <para>Threads: all members may be used from any thread.</para>
/// </summary>
sealed partial class ExternalMemoryProvider : IPeerMemoryProvider
{
    private readonly ProbeEnvironment _environment;
    private readonly nint _address;
    private readonly ulong _devicePointer;
    private readonly Action _release;
    private readonly PeerMemoryKind? _declared;
    private int _isHandedOut;

    /// <param name="address">First byte, not 0, a multiple of the page size (4 KiB).</param>
    /// <param name="lengthBytes">Bytes, a multiple of the page size, mapped as a whole.</param>
    /// <param name="devicePointer">The GPU's address of the same bytes; 0 without one.</param>
    /// <param name="release">
    /// Called once, on any thread, when nobody uses the memory any more: unmaps it, or lets go of what owns
    /// it. It keeps the owner alive until then, and may not throw. Never called for a provider whose memory
    /// was not allocated, nor when operations on it may still run.
    /// </param>
    /// <param name="kind">
    /// What it is, where <c>VmFlags</c> do not say: <see cref="PeerMemoryKind.P2PdmaPages"/> for pages of a
    /// device that its driver published. Null to believe the flags only.
    /// </param>
    /// <exception cref="ArgumentException">Address or length is 0 or within a page, or the kind is one that
    /// no read accepts.</exception>
    public ExternalMemoryProvider(
        nint address, long lengthBytes, ulong devicePointer, Action release, PeerMemoryKind? kind = null)
        : this(ProbeEnvironment.Real, address, lengthBytes, devicePointer, release, kind)
    {
    }

    internal ExternalMemoryProvider(
        ProbeEnvironment environment, nint address, long lengthBytes, ulong devicePointer, Action release,
        PeerMemoryKind? kind)
    {
        ArgumentNullException.ThrowIfNull(release);
        long pageBytes = Environment.SystemPageSize;
        if (address == 0 || address % pageBytes != 0 || lengthBytes <= 0 || lengthBytes % pageBytes != 0)
        {
            throw new ArgumentException(
                $"Address 0x{address:x} and length {lengthBytes} are not whole pages of {pageBytes} bytes.",
                nameof(address));
        }
        if (kind is { } declared && PeerMemoryTable.Of(declared) == PeerMemoryAccess.None)
        {
            throw new ArgumentException($"No read accepts memory of kind {declared}.", nameof(kind));
        }
        _environment = environment;
        _address = address;
        _devicePointer = devicePointer;
        _release = release;
        _declared = kind;
        LengthBytes = lengthBytes;
    }

    /// <inheritdoc/>
    public string Name => "external";

    /// <summary>Bytes of the range.</summary>
    public long LengthBytes { get; }

    /// <inheritdoc/>
    public CapabilityCheck Probe()
    {
        (PeerMemoryKind? kind, string reason) = Judge();
        return new(
            "memory.external", "Memory that the program has mapped itself",
            kind is null ? CapabilityOutcome.Missing : CapabilityOutcome.Ok,
            kind is null ? reason : $"Memory of kind {kind}: {reason}",
            kind is null ? "Give memory with pages that a device can reach." : "");
    }

    /// <summary>Hands out the range as one buffer, once.</summary>
    /// <param name="lengthBytes">At least this many bytes, 1 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range has fewer bytes.</exception>
    /// <exception cref="InvalidOperationException">
    /// It was handed out before, it is not mapped as a whole, or no read accepts it: with the reason.
    /// </exception>
    public GpuMappedBuffer Allocate(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, LengthBytes);
        (PeerMemoryKind? kind, string reason) = Judge();
        if (kind is null)
        {
            throw new InvalidOperationException($"The memory at 0x{_address:x} is refused: {reason}");
        }
        if (Interlocked.Exchange(ref _isHandedOut, 1) != 0)
        {
            throw new InvalidOperationException("The memory was handed out before: one range, one owner.");
        }
        return new GpuMappedBuffer(
            _address, LengthBytes, kind.Value,
            kind == PeerMemoryKind.HostMapped ? PageBacking.BasePages : PageBacking.Device, _devicePointer,
            _release);
    }

    /// <summary>The kind, or null with the reason why the memory cannot be used.</summary>
    private (PeerMemoryKind? Kind, string Reason) Judge()
    {
        MappingClass found = MappingClassifier.Classify(_environment, _address, LengthBytes);
        if (found.IsMapped == false)
        {
            return (null, $"It is not mapped as a whole. {found.Reason}");
        }
        if (found.Kind == PeerMemoryKind.OpaqueMmio
            || found.Reason == MappingClassifier.MixedReason)
        {
            return (null, found.Reason);
        }
        return (found.Kind, _declared) switch
        {
            (null, null) => (null, found.Reason + " Say which kind it is."),
            (null, { } declared) => (declared, found.Reason),
            ({ } seen, null) => (seen, found.Reason),
            ({ } seen, { } declared) when seen == declared => (seen, found.Reason),
            ({ } seen, { } declared) => (null, $"It is said to be {declared}, and is {seen}: {found.Reason}"),
        };
    }
}
