#nullable enable
using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

internal static unsafe class Descriptor
{
    public static nint Write(string path, void* data, nuint lengthBytes)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        int fd = (int){|NVG0016:handle.DangerousGetHandle()|};
        return Libc.write(fd, data, lengthBytes);
    }
}
