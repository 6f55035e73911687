using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// Peer memory to read into: a piece of a controller's memory buffer (CMB), mapped through sysfs. Only for
/// NVMe controllers: of a GPU the same file would hand out memory that its driver has given away already.
/// </summary>
internal static class PeerWindow
{
    public static GpuMappedBuffer Map(NvmeController controller, int lengthBytes)
    {
        string path = $"{controller.PciPath}/p2pmem/allocate";
        Check.That(File.Exists(path), $"{controller.Serial} publishes no memory: there is no {path}.");
        using SafeFileHandle file = DeviceFile.Open(path, DeviceFile.O_RDWR);
        // SAFETY: a new mapping where the kernel likes; its one owner is the buffer.
        unsafe
        {
            void* address = Libc.mmap(
                null, (nuint)lengthBytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED,
                (int)file.DangerousGetHandle(), 0);
            int errno = Libc.errno;
            Check.That(address != Libc.MAP_FAILED, $"{path} cannot be mapped: error {errno}.");
            return new GpuMappedBuffer(
                (nint)address, lengthBytes, PeerMemoryKind.P2PdmaPages, PageBacking.Device, 0, release: null);
        }
    }
}
