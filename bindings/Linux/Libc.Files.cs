#nullable enable
#pragma warning disable CS8981, CS0649, CS0169 // C names stay as they are; the kernel assigns the fields
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// What a file is: statx(2); files in memory.
static partial class Libc
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_EMPTY_PATH = 0x1000;

    public const uint STATX_TYPE = 0x1;
    public const uint STATX_SIZE = 0x200;
    public const uint STATX_BASIC_STATS = 0x7ff;

    /// <summary>
    /// Alignment for direct I/O; since Linux 6.1. Absent from the answer's mask on older kernels.
    /// </summary>
    public const uint STATX_DIOALIGN = 0x2000;

    public const int S_IFMT = 0xF000;
    public const int S_IFSOCK = 0xC000;
    public const int S_IFREG = 0x8000;
    public const int S_IFBLK = 0x6000;
    public const int S_IFDIR = 0x4000;
    public const int S_IFCHR = 0x2000;
    public const int S_IFIFO = 0x1000;

    private static readonly unsafe delegate* unmanaged<int, byte*, int, uint, libc_statx*, int> s_statx =
        (delegate* unmanaged<int, byte*, int, uint, libc_statx*, int>)Export("statx");

    /// <summary>statx(2).</summary>
    /// <safety><paramref name="path"/> is zero-terminated; <paramref name="result"/> is writable.</safety>
    [MayBlock]
    public static unsafe int statx(int directoryFd, byte* path, int flags, uint mask, libc_statx* result)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_statx(directoryFd, path, flags, mask, result);
        }
    }
}

/// <summary>
/// struct statx of statx(2), 256 bytes. Not named <c>statx</c>: that is the function here, and in liburing's
/// closure an incomplete type.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
partial struct libc_statx
{
    /// <summary>Which fields the kernel filled in.</summary>
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public libc_statx_timestamp stx_atime;
    public libc_statx_timestamp stx_btime;
    public libc_statx_timestamp stx_ctime;
    public libc_statx_timestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;
    public ulong stx_mnt_id;

    /// <summary>Alignment in bytes of memory for direct I/O; 0 when the file does not do it.</summary>
    public uint stx_dio_mem_align;

    /// <summary>
    /// Alignment in bytes of offset and length for direct I/O; 0 when the file does not do it.
    /// </summary>
    public uint stx_dio_offset_align;
}

/// <summary>struct statx_timestamp of statx(2), 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
partial struct libc_statx_timestamp
{
    public long tv_sec;
    public uint tv_nsec;
}
