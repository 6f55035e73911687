#nullable enable
using System;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu;

/// <summary>
/// The system calls by which a file's extents are found, replaceable so that what filesystems may answer can
/// be tested without them. All return 0 or a negative error number.
/// </summary>
#if !NVMEGPU_PUBLIC
[Microsoft.CodeAnalysis.Embedded]
#endif
interface IExtentCalls
{
    /// <summary>statx(2) of an open file.</summary>
    int State(SafeFileHandle file, out FileState state);

    /// <summary>fstatfs(2): f_type.</summary>
    int FilesystemType(SafeFileHandle file, out long type);

    /// <summary>FS_IOC_GETFLAGS.</summary>
    int InodeFlags(SafeFileHandle file, out uint flags);

    /// <summary>FS_IOC_FSGETXATTR: fsx_xflags.</summary>
    int ExtendedFlags(SafeFileHandle file, out uint flags);

    /// <summary>FS_IOC_FIEMAP with FIEMAP_FLAG_SYNC, from an offset to the end.</summary>
    /// <returns>How many extents there are now, or a negative error number.</returns>
    int Extents(SafeFileHandle file, ulong fromBytes, Span<RawExtent> extents);
}
