#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal unsafe struct Label
{
    public int Length;
    public fixed char Text[16];
}

internal static unsafe class Labels
{
    public static int Send(io_uring* ring, int socket)
    {
        Label* label = (Label*)NativeMemory.AllocZeroed((nuint)sizeof(Label));
        label->Length = 1;
        label->Text[0] = 'A';
        io_uring_prep_send(io_uring_get_sqe(ring), socket, {|NVG0015:label|}, (nuint)sizeof(Label), 0);
        return io_uring_submit(ring);
    }
}
