#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal sealed unsafe class Slot
{
    private readonly byte[] _bytes = new byte[4096];

    public Slot(io_uring_sqe* sqe)
    {
        sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref _bytes[0])|};
        sqe->len = (uint)_bytes.Length;
    }
}
