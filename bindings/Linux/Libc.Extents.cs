#nullable enable
#pragma warning disable CS8981, CS0649 // C names stay as they are; the kernel assigns the fields
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// Where a file's blocks are: statfs(2), linux/fiemap.h, linux/fs.h, linux/magic.h, linux/stat.h. Values from
// the Linux user-space ABI; equal on x86-64 and arm64. A test compares them with the C compiler's.
static partial class Libc
{
    /// <summary>_IOWR('f', 11, struct fiemap).</summary>
    public const uint FS_IOC_FIEMAP = 0xC020660B;

    /// <summary>_IOR('f', 1, long).</summary>
    public const uint FS_IOC_GETFLAGS = 0x80086601;

    /// <summary>_IOR('X', 31, struct fsxattr).</summary>
    public const uint FS_IOC_FSGETXATTR = 0x801C581F;

    public const uint FS_JOURNAL_DATA_FL = 0x4000;
    public const uint FS_XFLAG_REALTIME = 0x1;

    public const uint FIEMAP_FLAG_SYNC = 0x1;
    public const uint FIEMAP_EXTENT_LAST = 0x1;
    public const uint FIEMAP_EXTENT_UNKNOWN = 0x2;
    public const uint FIEMAP_EXTENT_DELALLOC = 0x4;
    public const uint FIEMAP_EXTENT_ENCODED = 0x8;
    public const uint FIEMAP_EXTENT_DATA_ENCRYPTED = 0x80;
    public const uint FIEMAP_EXTENT_NOT_ALIGNED = 0x100;
    public const uint FIEMAP_EXTENT_DATA_INLINE = 0x200;
    public const uint FIEMAP_EXTENT_DATA_TAIL = 0x400;
    public const uint FIEMAP_EXTENT_UNWRITTEN = 0x800;
    public const uint FIEMAP_EXTENT_MERGED = 0x1000;
    public const uint FIEMAP_EXTENT_SHARED = 0x2000;

    public const long EXT4_SUPER_MAGIC = 0xEF53;
    public const long XFS_SUPER_MAGIC = 0x58465342;

    public const ulong STATX_ATTR_COMPRESSED = 0x4;
    public const ulong STATX_ATTR_ENCRYPTED = 0x800;
    public const ulong STATX_ATTR_VERITY = 0x100000;

    private static readonly unsafe delegate* unmanaged<int, libc_statfs*, int> s_fstatfs =
        (delegate* unmanaged<int, libc_statfs*, int>)Export("fstatfs64");

    /// <summary>fstatfs(2).</summary>
    /// <safety><paramref name="result"/> is writable.</safety>
    [MayBlock]
    public static unsafe int fstatfs(int fd, libc_statfs* result)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_fstatfs(fd, result);
        }
    }
}

/// <summary>struct statfs of statfs(2), 120 bytes; nobody here reads more than its type.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
partial struct libc_statfs
{
    public long f_type;
}

/// <summary>struct fsxattr of linux/fs.h, 28 bytes; nobody here reads more than its flags.</summary>
[StructLayout(LayoutKind.Sequential, Size = 28)]
partial struct fsxattr
{
    public uint fsx_xflags;
}

/// <summary>struct fiemap of linux/fiemap.h without its array, which follows it: 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
partial struct fiemap
{
    public ulong fm_start;
    public ulong fm_length;
    public uint fm_flags;
    public uint fm_mapped_extents;
    public uint fm_extent_count;
    public uint fm_reserved;
}

/// <summary>struct fiemap_extent of linux/fiemap.h, 56 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
partial struct fiemap_extent
{
    /// <summary>Offset in the file in bytes.</summary>
    [FieldOffset(0)]
    public unsafe ulong fe_logical;

    /// <summary>Offset on the filesystem's device in bytes (on ext4 and xfs).</summary>
    [FieldOffset(8)]
    public unsafe ulong fe_physical;

    [FieldOffset(16)]
    public unsafe ulong fe_length;

    [FieldOffset(40)]
    public unsafe uint fe_flags;
}
