#nullable enable
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>Error numbers in words: their C name and what they mean in general. Source: errno(3).</summary>
static partial class Errno
{
    /// <summary>
    /// The C name, for example <c>ENOMEM</c>; the number itself for one that is not listed.
    /// </summary>
    public static string NameOf(int errno) => Find(errno).Name ?? errno.ToString();

    /// <summary>One short clause, for example <c>not enough memory</c>.</summary>
    public static string MeaningOf(int errno) => Find(errno).Meaning ?? "unknown error";

    private static (string? Name, string? Meaning) Find(int errno) => errno switch
    {
        Libc.EPERM => ("EPERM", "not permitted"),
        Libc.ENOENT => ("ENOENT", "no such file or directory"),
        Libc.EINTR => ("EINTR", "interrupted"),
        Libc.EIO => ("EIO", "the device reported an I/O error"),
        Libc.ENXIO => ("ENXIO", "no such device or address"),
        Libc.EBADF => ("EBADF", "not an open file"),
        Libc.EAGAIN => ("EAGAIN", "temporarily unavailable"),
        Libc.ENOMEM => ("ENOMEM", "not enough memory, or over the locked-memory limit"),
        Libc.EACCES => ("EACCES", "permission denied"),
        Libc.EFAULT => ("EFAULT", "the address cannot be used for this"),
        Libc.EBUSY => ("EBUSY", "busy"),
        Libc.EEXIST => ("EEXIST", "already there, or the ring belongs to another thread"),
        Libc.ENODEV => ("ENODEV", "the device is gone"),
        Libc.ENOTDIR => ("ENOTDIR", "a part of the path is not a directory"),
        Libc.EISDIR => ("EISDIR", "is a directory"),
        Libc.EINVAL => ("EINVAL", "invalid argument"),
        Libc.ENFILE => ("ENFILE", "too many open files in the system"),
        Libc.EMFILE => ("EMFILE", "too many open files in this process"),
        Libc.ENOTTY => ("ENOTTY", "the file does not know this command"),
        Libc.ENOSPC => ("ENOSPC", "no space left"),
        Libc.ENAMETOOLONG => ("ENAMETOOLONG", "the file name is too long"),
        Libc.ENOSYS => ("ENOSYS", "the kernel does not have this system call"),
        Libc.ELOOP => ("ELOOP", "too many symbolic links"),
        Libc.ENODATA => ("ENODATA", "the medium could not be read"),
        Libc.ETIME => ("ETIME", "timed out"),
        Libc.EILSEQ => ("EILSEQ", "the bytes do not match their protection information"),
        Libc.EOPNOTSUPP => ("EOPNOTSUPP", "not supported by this file or device"),
        Libc.ESTALE => ("ESTALE", "the file was replaced on its server"),
        Libc.EREMOTEIO => ("EREMOTEIO", "the two devices cannot reach each other"),
        Libc.ECANCELED => ("ECANCELED", "cancelled"),
        _ => (null, null),
    };
}
