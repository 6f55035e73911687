#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal static unsafe class Reader
{
    [MayBlock]
    [DllImport("libc", ExactSpelling = true)]
    [SuppressGCTransition]
    internal static extern nint {|NVG0014:read|}(int fd, void* buffer, nuint count);
}
