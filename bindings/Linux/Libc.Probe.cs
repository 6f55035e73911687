#nullable enable
namespace NvmeGpu.Bindings;

// What only the capability probe asks for. Values from the Linux user-space ABI; equal on x86-64 and arm64.
static partial class Libc
{
    /// <summary>
    /// Reading leaves the access time alone; EPERM unless the caller owns the file. open(2).
    /// </summary>
    public const int O_NOATIME = 0x40000;

    /// <summary>
    /// statx(2): <c>stx_mnt_id</c>, the first column of /proc/self/mountinfo; since Linux 5.8.
    /// </summary>
    public const uint STATX_MNT_ID = 0x1000;
}
