#nullable enable
using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

internal static unsafe class Device
{
    public static int Identify(string path, void* command)
    {
        SafeFileHandle handle = File.OpenHandle(path);
        const uint Request = NvmeIoctl.NVME_IOCTL_ADMIN_CMD;
        return handle.IsInvalid
            ? -1
            : Libc.ioctl((int){|NVG0016:handle.DangerousGetHandle()|}, Request, command);
    }
}
