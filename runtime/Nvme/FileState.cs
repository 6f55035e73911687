#nullable enable
namespace NvmeGpu;

/// <summary>What statx(2) says of a file that tells whether it is another one, or was written to.</summary>
/// <param name="Device">The device that holds it.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Modified">When its contents changed last: seconds and nanoseconds.</param>
/// <param name="Changed">When its inode changed last.</param>
/// <param name="Attributes">STATX_ATTR_*.</param>
/// <param name="IsRegular">A regular file.</param>
/// <param name="MountId">First column of /proc/self/mountinfo; 0 where the kernel does not say.</param>
readonly partial record struct FileState(
    (uint Major, uint Minor) Device, ulong Inode, long LengthBytes, (long Seconds, uint Nanoseconds) Modified,
    (long Seconds, uint Nanoseconds) Changed, ulong Attributes, bool IsRegular, ulong MountId);
