#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal readonly struct Descriptor(int number)
{
    public bool Flush() => Native(number) == 0;

    [SuppressGCTransition]
    [MayBlock]
    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = false)]
    private static extern int {|NVG0014:Native|}(int fd);
}
