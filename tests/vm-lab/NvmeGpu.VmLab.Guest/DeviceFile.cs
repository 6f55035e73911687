using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>Opens device files as open(2) does: .NET's own files know no O_DIRECT.</summary>
internal static class DeviceFile
{
    public const int O_RDWR = 2;

    public static SafeFileHandle Open(string path, int flags)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        // SAFETY: zero-terminated, pinned for the call, which keeps no pointer.
        unsafe
        {
            fixed (byte* pointer = name)
            {
                int fd = Libc.open(pointer, flags | Libc.O_CLOEXEC);
                int errno = Libc.errno;
                return fd >= 0
                    ? new SafeFileHandle(fd, ownsHandle: true)
                    : throw new IOException($"{path} cannot be opened: error {errno}.");
            }
        }
    }
}
