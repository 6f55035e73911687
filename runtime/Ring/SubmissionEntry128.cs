#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A submission entry of 128 bytes (<c>IORING_SETUP_SQE128</c>): a small one whose last 16 bytes begin the
/// command, which may have 80. Source: <c>struct io_uring_sqe</c> in linux/io_uring.h; the command's place is
/// that of its member <c>cmd</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
partial struct SubmissionEntry128
{
    /// <summary>What all operations have. Its bytes 48 to 63 belong to the command.</summary>
    [FieldOffset(0)]
    public unsafe io_uring_sqe Head;

    /// <summary>The command, bytes 48 to 119.</summary>
    [FieldOffset(48)]
    public unsafe nvme_uring_cmd Command;

    /// <summary>Bytes 120 to 127, which no operation uses: 0.</summary>
    [FieldOffset(120)]
    internal unsafe ulong Tail;
}
