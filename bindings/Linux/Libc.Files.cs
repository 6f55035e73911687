#nullable enable
#pragma warning disable CS8981, CS0649 // C names stay as they are; the kernel assigns the fields
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// What a file is: statx(2).
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
    public static unsafe int statx(int directoryFd, byte* path, int flags, uint mask, libc_statx* result) =>
        s_statx(directoryFd, path, flags, mask, result);
}

/// <summary>
/// struct statx of statx(2), 256 bytes. Not named <c>statx</c>: that is the function here, and in liburing's
/// closure an incomplete type.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
partial struct libc_statx
{
    /// <summary>Which fields the kernel filled in.</summary>
    [FieldOffset(0)] public uint stx_mask;
    [FieldOffset(4)] public uint stx_blksize;
    [FieldOffset(8)] public ulong stx_attributes;
    [FieldOffset(16)] public uint stx_nlink;
    [FieldOffset(20)] public uint stx_uid;
    [FieldOffset(24)] public uint stx_gid;
    [FieldOffset(28)] public ushort stx_mode;
    [FieldOffset(32)] public ulong stx_ino;
    [FieldOffset(40)] public ulong stx_size;
    [FieldOffset(48)] public ulong stx_blocks;
    [FieldOffset(56)] public ulong stx_attributes_mask;
    [FieldOffset(128)] public uint stx_rdev_major;
    [FieldOffset(132)] public uint stx_rdev_minor;
    [FieldOffset(136)] public uint stx_dev_major;
    [FieldOffset(140)] public uint stx_dev_minor;
    [FieldOffset(144)] public ulong stx_mnt_id;

    /// <summary>Alignment in bytes of memory for direct I/O; 0 when the file does not do it.</summary>
    [FieldOffset(152)] public uint stx_dio_mem_align;

    /// <summary>
    /// Alignment in bytes of offset and length for direct I/O; 0 when the file does not do it.
    /// </summary>
    [FieldOffset(156)] public uint stx_dio_offset_align;
}
