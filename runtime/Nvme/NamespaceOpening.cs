#nullable enable
using System;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Opens a namespace: finds its character device, makes sure that what was opened is that device, and asks
/// the drive how it is formatted. Nothing is taken from a name alone.
/// </summary>
static partial class NamespaceOpening
{
    /// <exception cref="NvmeException">As <see cref="NvmeNamespace.Open"/> has it.</exception>
    public static NvmeNamespace Open(ProbeEnvironment environment, ProbeTarget target, INamespaceCalls calls)
    {
        string operation = $"Opening {ProbeEnvironment.Printable(target.Path)} for NVMe commands";
        if (NamespaceLookup.Find(environment, target, out NamespaceRefusal refusal) is not { } place)
        {
            throw new NvmeException(operation, target.Errno, $"{refusal.Detail} {refusal.Advice}");
        }
        bool isNode = target.Kind == ProbeTargetKind.CharDevice;
        string path = isNode ? target.Path : environment.Locate("/dev/" + place.GenericName);
        SafeFileHandle? handle = calls.Open(path, out int errno);
        if (handle is null)
        {
            throw new NvmeException(operation, errno, CauseOf(errno, place.GenericName));
        }
        try
        {
            CheckDevice(environment, target, place, calls.DeviceOf(handle), operation);
            string name = isNode ? target.Path : "/dev/" + place.GenericName;
            return Describe(environment, target, place, handle, name, calls, operation);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static NvmeNamespace Describe(
        ProbeEnvironment environment, ProbeTarget target, in NamespacePlace place, SafeFileHandle handle,
        string path, INamespaceCalls calls, string operation)
    {
        int id = calls.NamespaceId(handle);
        if (id <= 0)
        {
            throw new NvmeException(operation, -id, "the device does not say which namespace it is.");
        }
        BlockDevice? disk = place.Disk;
        if (disk is not null && environment.ReadNumber(disk.Folder + "/nsid") is { } listed && listed != id)
        {
            throw new NvmeException(
                operation, 0,
                $"/sys says that {place.GenericName} is namespace {listed}, the device says {id}: it was "
                    + "replaced meanwhile; try again.");
        }
        byte[] answer = new byte[NamespaceCalls.IdentifyBytes];
        Identify(calls, handle, (uint)id, NamespaceFormat.Structure, answer, operation);
        if (NamespaceFormat.Parse(answer) is not { } format)
        {
            throw new NvmeException(
                operation, 0, "the drive's description is not that of the NVM command set (key-value and "
                    + "other namespaces have no blocks).");
        }
        CheckBlockBytes(environment, disk, format, operation);
        Identify(calls, handle, 0, NamespaceLimits.Structure, answer, operation);
        if (NamespaceLimits.Find(environment, disk, answer) is not { } limits)
        {
            throw new NvmeException(
                operation, 0, "neither the drive nor /sys says how much one command may transfer; make /sys "
                    + "readable, in a container by mounting it.");
        }
        if (limits.TransferBytesMax < format.DataBytes + format.MetadataBytes)
        {
            throw new NvmeException(operation, 0, "one command may not even transfer one block.");
        }
        return new NvmeNamespace(
            handle, path, (uint)id, format, limits, disk?.PciAddresses(environment) ?? [],
            disk?.IsMultipathHead ?? false,
            target.Kind == ProbeTargetKind.CharDevice ? 0 : disk?.PartitionStartBytes ?? 0)
        {
            GenericName = place.GenericName,
        };
    }

    /// <summary>
    /// The file that was opened is the device that /sys means: in a container /dev can hold anything.
    /// </summary>
    private static void CheckDevice(
        ProbeEnvironment environment, ProbeTarget target, in NamespacePlace place,
        (uint Major, uint Minor)? opened, string operation)
    {
        (uint Major, uint Minor)? meant = target.Kind == ProbeTargetKind.CharDevice
            ? target.Device
            : DeviceNumber(environment, place);
        if (meant is null)
        {
            throw new NvmeException(
                operation, 0, $"/sys does not say which device number {place.GenericName} has.");
        }
        if (opened != meant)
        {
            string found = opened is { } number ? $"device {number.Major}:{number.Minor}" : "no device";
            throw new NvmeException(
                operation, 0,
                $"/dev/{place.GenericName} is {found}, and not {meant.Value.Major}:{meant.Value.Minor} as "
                    + "/sys says; in a container, pass the right device in.");
        }
    }

    private static (uint, uint)? DeviceNumber(ProbeEnvironment environment, in NamespacePlace place)
    {
        string[] parts = environment.ReadText($"/sys/class/nvme-generic/{place.GenericName}/dev").Trimmed
            .Split(':');
        return parts.Length == 2 && TryParse(parts[0], out uint major) && TryParse(parts[1], out uint minor)
            ? (major, minor)
            : null;

        static bool TryParse(string text, out uint number) =>
            uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>
    /// The kernel sees the same blocks as we do. It shows a capacity of 0 for formats that it has no block
    /// device for, and its block size then means nothing.
    /// </summary>
    private static void CheckBlockBytes(
        ProbeEnvironment environment, BlockDevice? disk, in NamespaceFormat format, string operation)
    {
        if (disk is not null && environment.ReadNumber(disk.Folder + "/size") is > 0
            && environment.ReadNumber(disk.Folder + "/queue/logical_block_size") is { } kernelBytes
            && kernelBytes != format.DataBytes)
        {
            throw new NvmeException(
                operation, 0,
                $"the drive has blocks of {format.DataBytes} bytes, and the kernel believes {kernelBytes}: "
                    + "it was formatted meanwhile; rescan it (nvme ns-rescan).");
        }
    }

    private static void Identify(
        INamespaceCalls calls, SafeFileHandle handle, uint namespaceId, byte structure, byte[] answer,
        string operation)
    {
        int result = calls.Identify(handle, namespaceId, structure, answer);
        if (result > 0)
        {
            throw new NvmeException(operation, new NvmeStatus(unchecked((ushort)result)));
        }
        if (result < 0)
        {
            throw new NvmeException(operation, -result, result is -Libc.EACCES or -Libc.EPERM
                ? "this kernel lets only root ask the drive (before Linux 6.2); use a newer one, or run as "
                    + "root."
                : "the drive does not answer; look at the kernel log.");
        }
    }

    private static string CauseOf(int errno, string generic) => errno switch
    {
        Libc.EACCES or Libc.EPERM => NamespaceLookup.PermissionAdvice(generic),
        Libc.ENOENT or Libc.ENXIO or Libc.ENODEV =>
            $"/dev/{generic} is not there: use Linux 5.13 or later; in a container, pass the device in.",
        _ => "look at the kernel log for the drive.",
    };
}
