#nullable enable
using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>The real system calls. Source: statx(2), fstatfs(2), ioctl_fs(2), linux/fiemap.h.</summary>
sealed partial class ExtentCalls : IExtentCalls
{
    private const int ExtentsMax = 64;

    /// <summary>The one instance: it has no state.</summary>
    public static readonly ExtentCalls Real = new();

    /// <inheritdoc/>
    public int State(SafeFileHandle file, out FileState state)
    {
        // SAFETY: an empty name, and a structure on this frame that is written during the call only; the
        // caller keeps the file open.
        unsafe
        {
            libc_statx status;
            byte empty = 0;
            int result = Libc.statx(
                (int)file.DangerousGetHandle(), &empty, Libc.AT_EMPTY_PATH,
                Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &status);
            int errno = Libc.errno;
            if (result != 0)
            {
                state = default;
                return -errno;
            }
            state = new FileState(
                (status.stx_dev_major, status.stx_dev_minor), status.stx_ino, (long)status.stx_size,
                (status.stx_mtime.tv_sec, status.stx_mtime.tv_nsec),
                (status.stx_ctime.tv_sec, status.stx_ctime.tv_nsec), status.stx_attributes,
                (status.stx_mode & Libc.S_IFMT) == Libc.S_IFREG,
                (status.stx_mask & Libc.STATX_MNT_ID) != 0 ? status.stx_mnt_id : 0);
            return 0;
        }
    }

    /// <inheritdoc/>
    public int FilesystemType(SafeFileHandle file, out long type)
    {
        // SAFETY: a structure on this frame, written during the call only; the caller keeps the file open.
        unsafe
        {
            libc_statfs status;
            int result = Libc.fstatfs((int)file.DangerousGetHandle(), &status);
            int errno = Libc.errno;
            type = result == 0 ? status.f_type : 0;
            return result == 0 ? 0 : -errno;
        }
    }

    /// <inheritdoc/>
    public int InodeFlags(SafeFileHandle file, out uint flags)
    {
        // SAFETY: the number says long, and the kernel writes an int: there is room for both.
        unsafe
        {
            long value = 0;
            int result = Libc.ioctl((int)file.DangerousGetHandle(), Libc.FS_IOC_GETFLAGS, &value);
            int errno = Libc.errno;
            flags = unchecked((uint)value);
            return result >= 0 ? 0 : -errno;
        }
    }

    /// <inheritdoc/>
    public int ExtendedFlags(SafeFileHandle file, out uint flags)
    {
        // SAFETY: a structure on this frame, written during the call only; the caller keeps the file open.
        unsafe
        {
            fsxattr attributes;
            int result = Libc.ioctl((int)file.DangerousGetHandle(), Libc.FS_IOC_FSGETXATTR, &attributes);
            int errno = Libc.errno;
            flags = result >= 0 ? attributes.fsx_xflags : 0;
            return result >= 0 ? 0 : -errno;
        }
    }

    /// <inheritdoc/>
    public int Extents(SafeFileHandle file, ulong fromBytes, Span<RawExtent> extents)
    {
        int count = Math.Min(extents.Length, ExtentsMax);
        // SAFETY: the header and room for as many extents as it says, on this frame, written during the call
        // only; the caller keeps the file open.
        unsafe
        {
            byte* request = stackalloc byte[sizeof(fiemap) + (ExtentsMax * sizeof(fiemap_extent))];
            var header = (fiemap*)request;
            *header = new fiemap
            {
                fm_start = fromBytes,
                fm_length = ulong.MaxValue - fromBytes,
                fm_flags = Libc.FIEMAP_FLAG_SYNC,
                fm_extent_count = (uint)count,
            };
            int result = Libc.ioctl((int)file.DangerousGetHandle(), Libc.FS_IOC_FIEMAP, request);
            int errno = Libc.errno;
            if (result < 0)
            {
                return -errno;
            }
            int found = (int)Math.Min(header->fm_mapped_extents, (uint)count);
            var raw = (fiemap_extent*)(request + sizeof(fiemap));
            for (int i = 0; i < found; i++)
            {
                extents[i] = new RawExtent(
                    raw[i].fe_logical, raw[i].fe_physical, raw[i].fe_length, raw[i].fe_flags);
            }
            return found;
        }
    }
}
