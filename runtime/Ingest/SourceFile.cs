#nullable enable
using System;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// A file that was opened for reading, and what the kernel says about it. Opened without ever blocking on
/// what is no file, and refused in one sentence when it cannot be read by offset.
/// </summary>
readonly partial record struct SourceFile
{
    private SourceFile(
        SafeFileHandle handle, long lengthBytes, int directAlignmentBytes, ZeroCopyEvidence evidence)
    {
        Handle = handle;
        LengthBytes = lengthBytes;
        DirectAlignmentBytes = directAlignmentBytes;
        Evidence = evidence;
    }

    /// <summary>To be disposed by the caller.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Bytes to read.</summary>
    public long LengthBytes { get; }

    /// <summary>Lengths and offsets of reads must be multiples of this; 1 without direct I/O.</summary>
    public int DirectAlignmentBytes { get; }

    /// <summary>Its length does not change as long as it is there.</summary>
    public bool IsBlockDevice { get; private init; }

    /// <summary>What can be said of reads of this file.</summary>
    public ZeroCopyEvidence Evidence { get; }

    /// <summary>Opens a regular file, a block device, or with a length given a character device.</summary>
    /// <param name="path">Any path; no part of it is interpreted.</param>
    /// <param name="lengthBytes">How much to read from the start; null means up to the end.</param>
    /// <param name="isDirect">With O_DIRECT.</param>
    /// <exception cref="IngestException">It cannot be opened or read this way.</exception>
    public static SourceFile Open(string path, long? lengthBytes, bool isDirect)
    {
        if (lengthBytes < 0)
        {
            throw new IngestException(path, $"{lengthBytes} bytes were asked for; a length is 0 or more.");
        }
        SafeFileHandle handle = OpenHandle(path, isDirect);
        try
        {
            libc_statx status = StatusOf(path, handle);
            int type = status.stx_mode & Libc.S_IFMT;
            RefuseWhatHasNoOffsets(path, type, lengthBytes);
            MakeBlocking(path, handle);
            (int alignment, ZeroCopyEvidence evidence) = DirectIoOf(path, status, isDirect);
            return new SourceFile(
                handle, LengthOf(path, handle, status, type, lengthBytes), alignment, evidence)
            {
                IsBlockDevice = type == Libc.S_IFBLK,
            };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The file type bits (inode(7)) of a path, a symbolic link not followed; 0 when there is nothing.
    /// </summary>
    internal static int TypeOf(string path)
    {
        libc_statx status;
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        // SAFETY: zero-terminated and pinned for the call, which keeps no pointer; the structure is on this
        // frame.
        unsafe
        {
            fixed (byte* pointer = name)
            {
                return Libc.statx(
                    Libc.AT_FDCWD, pointer, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE, &status) == 0
                    ? status.stx_mode & Libc.S_IFMT
                    : 0;
            }
        }
    }

    private static SafeFileHandle OpenHandle(string path, bool isDirect)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw new IngestException(
                path, path.Length == 0 ? "the path is empty." : "the path contains a NUL character.");
        }
        // O_NONBLOCK: opening a FIFO would wait for a writer before anybody could see that it is one.
        int flags = Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | (isDirect ? Libc.O_DIRECT : 0);
        int fd;
        int errno;
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        // SAFETY: zero-terminated, pinned for the call, which keeps no pointer.
        unsafe
        {
            fixed (byte* pointer = name)
            {
                fd = Libc.open(pointer, flags);
                errno = Libc.errno;
            }
        }
        return fd >= 0
            ? new SafeFileHandle(fd, ownsHandle: true)
            : throw new IngestException(path, WhyNotOpened(errno, isDirect));
    }

    private static string WhyNotOpened(int errno, bool isDirect) => errno switch
    {
        Libc.ENOENT => "no such file; check the path.",
        Libc.EACCES or Libc.EPERM =>
            "permission denied; this user may not read it, or not pass a directory on the way.",
        Libc.EINVAL when isDirect =>
            "its filesystem does not support direct I/O (O_DIRECT); read it without (leave out --direct).",
        Libc.ENXIO => "it is a socket or a device without a driver, which cannot be read.",
        Libc.EMFILE => "too many open files in this process; raise the limit (ulimit -n).",
        _ => $"it cannot be opened: {Errno.NameOf(errno)}, {Errno.MeaningOf(errno)}.",
    };

    private static libc_statx StatusOf(string path, SafeFileHandle handle)
    {
        libc_statx status;
        byte nothing = 0;
        // SAFETY: an empty, zero-terminated path and a structure, both on this frame.
        unsafe
        {
            if (Libc.statx(
                (int)handle.DangerousGetHandle(), &nothing, Libc.AT_EMPTY_PATH,
                Libc.STATX_BASIC_STATS | Libc.STATX_DIOALIGN, &status) != 0)
            {
                int errno = Libc.errno;
                throw new IngestException(
                    path, $"statx failed: {Errno.NameOf(errno)}, {Errno.MeaningOf(errno)}.");
            }
        }
        return status;
    }

    private static void RefuseWhatHasNoOffsets(string path, int type, long? lengthBytes)
    {
        string? reason = type switch
        {
            Libc.S_IFREG or Libc.S_IFBLK => null,
            Libc.S_IFCHR when lengthBytes is not null => null,
            Libc.S_IFCHR => "is a character device, which has no end; say how much to read (--length).",
            Libc.S_IFIFO =>
                "is a FIFO (pipe), which cannot be read by offset; write its bytes to a file first.",
            Libc.S_IFDIR => "is a directory; give the files in it.",
            Libc.S_IFSOCK => "is a socket, which cannot be read by offset.",
            _ => "is no file that can be read by offset.",
        };
        if (reason is not null)
        {
            throw new IngestException(path, reason);
        }
    }

    /// <summary>Takes O_NONBLOCK back: with it io_uring would return EAGAIN where it should wait.</summary>
    private static void MakeBlocking(string path, SafeFileHandle handle)
    {
        int fd = (int)handle.DangerousGetHandle();
        int flags = Libc.fcntl(fd, Libc.F_GETFL, 0);
        int result = flags < 0 ? flags : Libc.fcntl(fd, Libc.F_SETFL, flags & ~Libc.O_NONBLOCK);
        int errno = Libc.errno;
        if (result < 0)
        {
            throw new IngestException(path, $"fcntl failed: {Errno.NameOf(errno)}.");
        }
    }

    private static (int Alignment, ZeroCopyEvidence Evidence) DirectIoOf(
        string path, in libc_statx status, bool isDirect)
    {
        if (!isDirect)
        {
            return (1, ZeroCopyEvidence.Buffered);
        }
        if ((status.stx_mask & Libc.STATX_DIOALIGN) == 0)
        {
            // A kernel before 6.1, or a filesystem that does not say: read as carefully as any device needs,
            // claim nothing.
            return (IngestOptions.SlotSizeStepBytes, ZeroCopyEvidence.Buffered);
        }
        if (status.stx_dio_offset_align == 0)
        {
            throw new IngestException(
                path, "it cannot be read with direct I/O (statx says so: encrypted, compressed or inline "
                + "data); read it without (leave out --direct).");
        }
        int alignment = (int)Math.Max(status.stx_dio_offset_align, status.stx_dio_mem_align);
        return alignment <= IngestOptions.SlotSizeStepBytes
            ? (alignment, ZeroCopyEvidence.ZeroCopyByDesign)
            : throw new IngestException(
                path, $"direct I/O on it needs an alignment of {alignment} bytes, more than the "
                + $"{IngestOptions.SlotSizeStepBytes} that slots have; read it without (leave out "
                + "--direct).");
    }

    private static long LengthOf(
        string path, SafeFileHandle handle, in libc_statx status, int type, long? asked)
    {
        long size = type switch
        {
            Libc.S_IFREG => (long)status.stx_size,
            Libc.S_IFBLK => Libc.lseek((int)handle.DangerousGetHandle(), 0, Libc.SEEK_END),
            _ => long.MaxValue,
        };
        int errno = Libc.errno;
        if (size < 0)
        {
            throw new IngestException(path, $"its size cannot be had: {Errno.NameOf(errno)}.");
        }
        if (asked is not { } length)
        {
            return size;
        }
        // A size of 0 says nothing for the files that a kernel makes up (/proc, /sys): the reads will tell.
        return length <= size || size == 0
            ? length
            : throw new IngestException(path, $"{length} bytes were asked for, and it has {size}.");
    }
}
