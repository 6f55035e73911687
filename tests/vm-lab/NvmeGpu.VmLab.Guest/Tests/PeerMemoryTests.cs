using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>Memory of devices as the kernel maps it, and what it may be used for.</summary>
internal static class PeerMemoryTests
{
    private const int WindowBytes = 1 << 20;

    private const int PageBytes = 4096;

    public static void Memory_of_a_controller_is_classified_as_peer_pages(GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes);
        ExpectKind(PeerMemoryKind.P2PdmaPages, window.Address, WindowBytes);
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
        ExpectKind(PeerMemoryKind.HostMapped, host.Address, WindowBytes);
    }

    public static void Peer_pages_cannot_be_registered(GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes);
        using (IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 4 }))
        {
            // It knows what the kernel would say, which comes next.
            Check.Refused<ArgumentException>(() => _ = ring.Register(window), "P2PdmaPages");
        }
        using var raw = new RawRing(0);
        // SAFETY: the window outlives the ring.
        unsafe
        {
            Check.Equal(-Libc.EFAULT, raw.RegisterBuffer(window.Address, WindowBytes), "the kernel's answer");
        }
    }

    public static void A_mapped_BAR_is_classified_as_opaque_and_no_read_takes_it(GuestContext context)
    {
        using SafeFileHandle file = DeviceFile.Open(context.OpaqueBar, DeviceFile.O_RDWR);
        using SafeFileHandle block = DeviceFile.Open(context.Data.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using SafeFileHandle commands = DeviceFile.Open(context.Data.CharPath, Libc.O_RDONLY);
        using var ring = new RawRing(RawRing.ForPassthrough);
        // SAFETY: a mapping of its own, unmapped after the last operation on it has ended.
        unsafe
        {
            void* address = Libc.mmap(
                null, PageBytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED,
                (int)file.DangerousGetHandle(), 0);
            int errno = Libc.errno;
            Check.That(address != Libc.MAP_FAILED, $"{context.OpaqueBar} cannot be mapped: error {errno}.");
            ExpectKind(PeerMemoryKind.OpaqueMmio, (nint)address, PageBytes);
            Check.Equal(
                -Libc.EFAULT, ring.Read((int)block.DangerousGetHandle(), 0, (nint)address, PageBytes),
                "a direct read");
            Check.Equal(
                -Libc.EFAULT,
                ring.Passthrough(
                    (int)commands.DangerousGetHandle(), context.Data.NamespaceId, 0,
                    PageBytes / context.Data.BlockBytes, (nint)address, PageBytes),
                "a passthrough read");
            Check.Equal(-Libc.EFAULT, ring.RegisterBuffer((nint)address, PageBytes), "registration");
            ExpectOwnedRefusal((nint)address);
            _ = Libc.munmap(address, PageBytes);
        }
    }

    public static void A_kernel_without_peer_to_peer_DMA_publishes_no_memory(GuestContext context)
    {
        Check.That(
            !Directory.Exists($"{context.Peer.PciPath}/p2pmem"), $"{context.Peer.PciPath}/p2pmem is there.");
        Check.Equal(0, NvmeCmbProvider.All().Count, "controllers that publish memory");
        CapabilityCheck probe = context.PeerProvider.Probe();
        Check.Equal(CapabilityOutcome.Missing, probe.Outcome, "what the provider says");
        Check.That(
            probe.Advice.Contains("CONFIG_PCI_P2PDMA", StringComparison.Ordinal),
            $"it advises: {probe.Advice}");
        Check.Refused<InvalidOperationException>(
            () => context.AllocatePeer(WindowBytes).Dispose(), "publishes no memory");
    }

    /// <summary>What the kernel refuses every time is refused before it is asked.</summary>
    private static void ExpectOwnedRefusal(nint address)
    {
        var provider = new ExternalMemoryProvider(address, PageBytes, 0, () => { });
        Check.Equal(CapabilityOutcome.Missing, provider.Probe().Outcome, "what the provider says");
        Check.Refused<InvalidOperationException>(() => provider.Allocate(PageBytes).Dispose(), "pf or io");
        // Not even a buffer that says what it is gets to a ring.
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 4, UseBigEntries = true });
        using var opaque = new GpuMappedBuffer(
            address, PageBytes, PeerMemoryKind.OpaqueMmio, PageBacking.Device, 0, release: () => { });
        Check.Refused<ArgumentException>(() => _ = ring.Attach(opaque), "OpaqueMmio");
        Check.Refused<ArgumentException>(() => _ = ring.Register(opaque), "OpaqueMmio");
    }

    private static void ExpectKind(PeerMemoryKind expected, nint address, int lengthBytes)
    {
        MappingClass found = MappingClassifier.Classify(address, lengthBytes);
        Check.That(found.Kind == expected, $"expected {expected}, found {found}.");
    }
}
