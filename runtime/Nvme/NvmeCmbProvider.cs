#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A drive's own memory (Controller Memory Buffer) as the target of another drive's reads: what the kernel
/// publishes under /sys/bus/pci/devices/.../p2pmem, of NVMe controllers only. A GPU's driver may publish
/// memory there too; mapping it this way would hand out memory that the driver has given away already, so it
/// is refused by class.
/// <para>
/// The memory is uncached device memory: the processor may only load and store aligned 32 or 64 bits, slowly,
/// and gets SIGBUS once the drive is gone. A drive's own reads into its own CMB work up to 4 KiB only: use
/// two drives, behind one PCIe switch.
/// </para>
/// <para>
/// Threads: all members may be used from any thread. Source: Linux, Documentation/ABI/testing/sysfs-bus-pci
/// (p2pmem), drivers/pci/p2pdma.c; needs CONFIG_PCI_P2PDMA, Linux 6.2 for reads into it.
/// </para>
/// </summary>
sealed partial class NvmeCmbProvider : IPeerMemoryProvider
{
    private const string Title = "A drive's memory buffer (CMB), published to other devices";

    private readonly ProbeEnvironment _environment;
    private readonly Func<nint, long, MappingClass> _classify;

    internal NvmeCmbProvider(
        ProbeEnvironment environment, string pciAddress, Func<nint, long, MappingClass> classify)
    {
        _environment = environment;
        _classify = classify;
        PciAddress = pciAddress;
    }

    /// <summary>For one controller; it need not be there.</summary>
    /// <param name="pciAddress">For example 0000:02:00.0.</param>
    /// <exception cref="ArgumentException">That is no PCI address.</exception>
    public NvmeCmbProvider(string pciAddress)
        : this(
            ProbeEnvironment.Real,
            PciDevice.IsAddress(pciAddress)
                ? pciAddress
                : throw new ArgumentException($"'{pciAddress}' is no PCI address.", nameof(pciAddress)),
            MappingClassifier.Classify)
    {
    }

    /// <inheritdoc/>
    public string Name => "nvme-cmb";

    /// <summary>The controller, for example 0000:02:00.0.</summary>
    public string PciAddress { get; }

    private string Folder => $"/sys/bus/pci/devices/{PciAddress}/p2pmem";

    /// <summary>One per NVMe controller that publishes memory, in the order of their addresses.</summary>
    public static IReadOnlyList<NvmeCmbProvider> All() =>
        All(ProbeEnvironment.Real, MappingClassifier.Classify);

    internal static IReadOnlyList<NvmeCmbProvider> All(
        ProbeEnvironment environment, Func<nint, long, MappingClass> classify) =>
    [
        .. (PciDevice.All(environment, out _) ?? [])
            .Where(device => device.IsNvme && device.PublishedBytes(environment) > 0)
            .Select(device => new NvmeCmbProvider(environment, device.Address, classify)),
    ];

    /// <inheritdoc/>
    public CapabilityCheck Probe()
    {
        if (WhyNot() is { } refusal)
        {
            return refusal;
        }
        using SafeFileHandle? handle = Open(out int errno);
        long? free = _environment.ReadNumber(Folder + "/available");
        long? size = _environment.ReadNumber(Folder + "/size");
        return handle is null
            ? CannotOpen(errno)
            : Check(
                free > 0 ? CapabilityOutcome.Ok : CapabilityOutcome.Missing,
                $"{PciAddress} publishes {size} bytes, of which {free?.ToString() ?? "?"} are free.",
                free > 0 ? "" : "End the program that has allocated it.");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The controller is no NVMe controller, publishes nothing, or what was mapped is not its memory.
    /// </exception>
    public GpuMappedBuffer Allocate(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        long pageBytes = Environment.SystemPageSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, long.MaxValue - pageBytes);
        if (WhyNot() is { } refusal)
        {
            throw new InvalidOperationException($"{refusal.Detail} {refusal.Advice}");
        }
        using SafeFileHandle? handle = Open(out int errno);
        if (handle is null)
        {
            throw new IoUringException($"Opening {Folder}/allocate", errno, CannotOpen(errno).Advice);
        }
        long roundedBytes = (lengthBytes + pageBytes - 1) / pageBytes * pageBytes;
        var buffer = new GpuMappedBuffer(
            Map(handle, roundedBytes), roundedBytes, PeerMemoryKind.P2PdmaPages, PageBacking.Device, 0, null);
        try
        {
            Check(buffer);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Null when the controller is an NVMe controller that publishes memory.</summary>
    private CapabilityCheck? WhyNot()
    {
        IReadOnlyList<PciDevice>? devices = PciDevice.All(_environment, out string reason);
        if (devices is null)
        {
            return Check(
                CapabilityOutcome.CannotTell, $"The PCI devices cannot be listed: {reason}.",
                "Make /sys readable, in a container by mounting it.");
        }
        if (devices.FirstOrDefault(device => device.Address == PciAddress) is not { } device)
        {
            return Check(
                CapabilityOutcome.Missing, $"There is no PCI device at {PciAddress}.",
                "Give the address of an NVMe controller.");
        }
        if (!device.IsNvme)
        {
            return Check(
                CapabilityOutcome.Missing,
                $"{PciAddress} is of class 0x{device.Class:x6} and no NVMe controller (0x0108xx): what "
                    + "another driver publishes is not ours to map.",
                "Give the address of an NVMe controller.");
        }
        return device.PublishedBytes(_environment) > 0
            ? null
            : Check(
                CapabilityOutcome.Missing, $"{PciAddress} publishes no memory.",
                "Use a drive with a Controller Memory Buffer, and a kernel with CONFIG_PCI_P2PDMA=y.");
    }

    private SafeFileHandle? Open(out int errno)
    {
        byte[] path = System.Text.Encoding.UTF8.GetBytes(_environment.Locate(Folder + "/allocate") + '\0');
        // SAFETY: the name is zero-terminated and read during the call only.
        unsafe
        {
            fixed (byte* name = path)
            {
                int fd = Libc.open(name, Libc.O_RDWR | Libc.O_CLOEXEC);
                errno = Libc.errno;
                return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
            }
        }
    }

    /// <summary>Each mapping of the file is an allocation of its own; it ends with the mapping.</summary>
    private nint Map(SafeFileHandle handle, long lengthBytes)
    {
        // SAFETY: a new mapping at an address of the kernel's choice; the handle is open.
        unsafe
        {
            void* address = Libc.mmap(
                null, (nuint)lengthBytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED,
                (int)handle.DangerousGetHandle(), 0);
            int errno = Libc.errno;
            return address != Libc.MAP_FAILED
                ? (nint)address
                : throw new IoUringException(
                    $"Mapping {lengthBytes} bytes of {Folder}/allocate", errno, errno == Libc.ENOMEM
                        ? $"it has {_environment.ReadNumber(Folder + "/available")?.ToString() ?? "?"} bytes "
                            + "left, perhaps not side by side."
                        : "");
        }
    }

    /// <summary>Not what the file's name promises, but what the kernel says of the mapping.</summary>
    private void Check(GpuMappedBuffer buffer)
    {
        MappingClass found = _classify(buffer.Address, buffer.LengthBytes);
        if (found.Kind is not (null or PeerMemoryKind.P2PdmaPages))
        {
            throw new InvalidOperationException(
                $"{Folder}/allocate gave memory of kind {found.Kind}, and not a device's pages: "
                + found.Reason);
        }
        // SAFETY: the buffer's own range. A child process has no business with it.
        unsafe
        {
            if (Libc.madvise((void*)buffer.Address, (nuint)buffer.LengthBytes, Libc.MADV_DONTFORK) != 0)
            {
                int errno = Libc.errno;
                throw new IoUringException("madvise(MADV_DONTFORK)", errno, "");
            }
        }
    }

    private CapabilityCheck CannotOpen(int errno) => Check(
        errno is Libc.EACCES or Libc.EPERM ? CapabilityOutcome.NoPermission : CapabilityOutcome.CannotTell,
        $"{Folder}/allocate could not be opened: {Errno.NameOf(errno)} ({Errno.MeaningOf(errno)}).",
        "Run as root, or inherit the mapping from a process that is: the file is root's.");

    private static CapabilityCheck Check(CapabilityOutcome outcome, string detail, string advice) =>
        new("memory.nvme-cmb", Title, outcome, detail, advice);
}
