#nullable enable
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// The kernel's side of a ring and nothing more: to ask what the kernel accepts. Nothing is mapped, nothing
/// submitted.
/// </summary>
sealed partial class RawRing : IDisposable
{
    private readonly SafeFileHandle _fd;

    private RawRing(int fd) => _fd = new SafeFileHandle(fd, ownsHandle: true);

    /// <summary>io_uring_setup(2) of 2 entries. Null with the error number when the kernel refuses.</summary>
    public static RawRing? TryCreate(uint flags, RingSetup.Setup setup, out int errno)
    {
        io_uring_params parameters = default;
        // SAFETY: a number into its own place of the structure.
        unsafe
        {
            parameters.flags = flags;
        }
        int fd = setup(2, ref parameters, out errno);
        return fd < 0 ? null : new RawRing(fd);
    }

    /// <summary>io_uring_register(2). 0 and more, or a negative error number.</summary>
    /// <safety><paramref name="argument"/> is what the operation documents.</safety>
    public unsafe int Register(io_uring_register_op operation, void* argument, uint count)
    {
        // SAFETY: the caller's argument is what the operation documents, and is read during the call only.
        unsafe
        {
            nint result = Libc.syscall(
                Libc.SYS_io_uring_register, _fd.DangerousGetHandle(), (nint)(uint)operation, (nint)argument,
                (nint)count);
            int errno = Libc.errno;
            return result >= 0 ? (int)result : -errno;
        }
    }

    public void Dispose() => _fd.Dispose();
}
