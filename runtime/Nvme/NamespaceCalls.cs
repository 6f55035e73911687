#nullable enable
using System;
using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.NvmeIoctl;

namespace NvmeGpu;

/// <summary>
/// The real system calls. Source: linux/nvme_ioctl.h; NVM Express Base Specification 2.0, section 5.17
/// (Identify command).
/// </summary>
sealed partial class NamespaceCalls : INamespaceCalls
{
    /// <summary>Length in bytes of every Identify data structure.</summary>
    public const int IdentifyBytes = 4096;

    private const byte IdentifyOpcode = 0x06;

    /// <summary>The one instance: it has no state.</summary>
    public static readonly NamespaceCalls Real = new();

    /// <inheritdoc/>
    public SafeFileHandle? Open(string path, out int errno)
    {
        byte[] terminated = Encoding.UTF8.GetBytes(path + '\0');
        // SAFETY: the name is zero-terminated and read during the call only.
        unsafe
        {
            fixed (byte* name = terminated)
            {
                int fd = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC);
                errno = Libc.errno;
                return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
            }
        }
    }

    /// <inheritdoc/>
    public (uint Major, uint Minor)? DeviceOf(SafeFileHandle handle)
    {
        // SAFETY: an empty name, and a structure on this frame that is written during the call only; the
        // caller keeps the handle open.
        unsafe
        {
            libc_statx status;
            byte empty = 0;
            return Libc.statx(
                (int)handle.DangerousGetHandle(), &empty, Libc.AT_EMPTY_PATH, Libc.STATX_TYPE, &status) == 0
                && (status.stx_mode & Libc.S_IFMT) == Libc.S_IFCHR
                ? (status.stx_rdev_major, status.stx_rdev_minor)
                : null;
        }
    }

    /// <inheritdoc/>
    public int NamespaceId(SafeFileHandle handle)
    {
        // SAFETY: the request has no argument; the caller keeps the handle open.
        unsafe
        {
            int result = Libc.ioctl((int)handle.DangerousGetHandle(), NVME_IOCTL_ID, null);
            int errno = Libc.errno;
            return result >= 0 ? result : -errno;
        }
    }

    /// <inheritdoc/>
    public int Identify(SafeFileHandle handle, uint namespaceId, byte structure, Span<byte> answer)
    {
        Debug.Assert(answer.Length == IdentifyBytes);
        // The drive writes into it, so it is no managed memory; the call ends when the command has.
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(IdentifyBytes);
        // SAFETY: command and buffer outlive the call; the buffer has the length that the command names; the
        // caller keeps the handle open.
        unsafe
        {
            var command = new nvme_passthru_cmd
            {
                opcode = IdentifyOpcode,
                nsid = namespaceId,
                addr = (ulong)buffer.Address,
                data_len = IdentifyBytes,
                cdw10 = structure,
            };
            int result = Libc.ioctl((int)handle.DangerousGetHandle(), NVME_IOCTL_ADMIN_CMD, &command);
            int errno = Libc.errno;
            if (result == 0)
            {
                new ReadOnlySpan<byte>((void*)buffer.Address, IdentifyBytes).CopyTo(answer);
            }
            return result >= 0 ? result : -errno;
        }
    }
}
