#nullable enable
using System.Text;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>What kind of thing the probed path names.</summary>
#if !NVMEGPU_PUBLIC
[Microsoft.CodeAnalysis.Embedded]
#endif
enum ProbeTargetKind
{
    /// <summary>No path was given.</summary>
    None = 0,

    /// <summary>The path could not be looked at; its error number says why.</summary>
    Unreachable = 1,

    File = 2,
    Directory = 3,
    BlockDevice = 4,
    CharDevice = 5,

    /// <summary>A pipe, a socket: opening it may wait or do something, so it is left alone.</summary>
    Other = 6,
}

/// <summary>
/// What statx(2) says of the probed path: where it lies, how long it is, how it takes direct I/O.
/// </summary>
sealed partial record ProbeTarget
{
    public static ProbeTarget None { get; } = new();

    public ProbeTargetKind Kind { get; init; }

    /// <summary>As the caller gave it; empty when none was given.</summary>
    public string Path { get; init; } = "";

    /// <summary>Why the path could not be looked at; 0 when it could.</summary>
    public int Errno { get; init; }

    /// <summary>The device that holds the file; for a device, itself.</summary>
    public (uint Major, uint Minor) Device { get; init; }

    /// <summary>First column of /proc/self/mountinfo; 0 where the kernel does not say (before 5.8).</summary>
    public ulong MountId { get; init; }

    /// <summary>
    /// Alignment for direct I/O; null where the kernel does not say (before 6.1), 0 for none.
    /// </summary>
    public uint? DirectMemoryBytes { get; init; }

    /// <summary>As above, for offset and length.</summary>
    public uint? DirectOffsetBytes { get; init; }

    /// <summary>It has bytes that can be read: a regular file or a block device.</summary>
    public bool IsReadable => Kind is ProbeTargetKind.File or ProbeTargetKind.BlockDevice;

    /// <summary>Looks at a path, following links, without opening it.</summary>
    public static ProbeTarget Look(string? path)
    {
        if (path is null)
        {
            return None;
        }
        // SAFETY: the name is zero-terminated; the structure is on this frame, written during the call only.
        unsafe
        {
            libc_statx status;
            fixed (byte* name = ZeroTerminated(path))
            {
                int result = Libc.statx(
                    Libc.AT_FDCWD, name, 0, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID | Libc.STATX_DIOALIGN,
                    &status);
                int errno = Libc.errno;
                return result == 0
                    ? Describe(path, status)
                    : new ProbeTarget { Kind = ProbeTargetKind.Unreachable, Path = path, Errno = errno };
            }
        }
    }

    /// <summary>Why a path could not even be looked at.</summary>
    public (CapabilityOutcome Outcome, string Detail, string Advice) WhyUnreachable() => (
        Errno switch
        {
            Libc.EACCES or Libc.EPERM => CapabilityOutcome.NoPermission,
            Libc.ENOENT or Libc.ENOTDIR => CapabilityOutcome.Missing,
            _ => CapabilityOutcome.CannotTell,
        },
        $"The path could not be looked at: {NvmeGpu.Errno.NameOf(Errno)} "
            + $"({NvmeGpu.Errno.MeaningOf(Errno)}).",
        "Give a path that exists and that this user may read.");

    /// <summary>
    /// Opens for reading, without waiting and, where that is allowed, without touching the access time.
    /// </summary>
    /// <returns>Null with the error number when it cannot be opened.</returns>
    public static SafeFileHandle? Open(string path, int extraFlags, out int errno)
    {
        int flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC | extraFlags;
        int fd = OpenOnce(path, flags | Libc.O_NOATIME, out errno);
        if (fd < 0 && errno == Libc.EPERM)
        {
            fd = OpenOnce(path, flags, out errno);
        }
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    private static int OpenOnce(string path, int flags, out int errno)
    {
        // SAFETY: the name is zero-terminated and read during the call only.
        unsafe
        {
            fixed (byte* name = ZeroTerminated(path))
            {
                int fd = Libc.open(name, flags);
                errno = Libc.errno;
                return fd;
            }
        }
    }

    private static byte[] ZeroTerminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static ProbeTarget Describe(string path, in libc_statx status)
    {
        ProbeTargetKind kind = (status.stx_mode & Libc.S_IFMT) switch
        {
            Libc.S_IFREG => ProbeTargetKind.File,
            Libc.S_IFDIR => ProbeTargetKind.Directory,
            Libc.S_IFBLK => ProbeTargetKind.BlockDevice,
            Libc.S_IFCHR => ProbeTargetKind.CharDevice,
            _ => ProbeTargetKind.Other,
        };
        bool isDevice = kind is ProbeTargetKind.BlockDevice or ProbeTargetKind.CharDevice;
        bool saysAlignment = (status.stx_mask & Libc.STATX_DIOALIGN) != 0;
        return new ProbeTarget
        {
            Kind = kind,
            Path = path,
            Device = isDevice
                ? (status.stx_rdev_major, status.stx_rdev_minor)
                : (status.stx_dev_major, status.stx_dev_minor),
            MountId = (status.stx_mask & Libc.STATX_MNT_ID) != 0 ? status.stx_mnt_id : 0,
            DirectMemoryBytes = saysAlignment ? status.stx_dio_mem_align : null,
            DirectOffsetBytes = saysAlignment ? status.stx_dio_offset_align : null,
        };
    }
}
