#nullable enable
#pragma warning disable CS8981, CS0649 // C names stay as they are; the kernel assigns the fields
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

/// <summary>
/// The few functions of the C library that NvmeGpu calls, by their C names, through function pointers that
/// are looked up once. No policy: every function returns what the C function returns, -1 with
/// <see cref="errno"/> on failure. Hand-written, because a C library's headers are not among the headers that
/// are compiled. Source: man pages, section 2.
/// </summary>
static partial class Libc
{
    private static readonly unsafe
        delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint> s_syscall =
        (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint>)Export("syscall");

    private static readonly unsafe delegate* unmanaged<void*, nuint, int, int, int, long, void*> s_mmap =
        (delegate* unmanaged<void*, nuint, int, int, int, long, void*>)Export("mmap64");

    private static readonly unsafe delegate* unmanaged<void*, nuint, int> s_munmap =
        (delegate* unmanaged<void*, nuint, int>)Export("munmap");

    private static readonly unsafe delegate* unmanaged<void*, nuint, int, int> s_madvise =
        (delegate* unmanaged<void*, nuint, int, int>)Export("madvise");

    private static readonly unsafe delegate* unmanaged<byte*, int, uint, int> s_open =
        (delegate* unmanaged<byte*, int, uint, int>)Export("open64");

    private static readonly unsafe delegate* unmanaged<int, int> s_close =
        (delegate* unmanaged<int, int>)Export("close");

    private static readonly unsafe delegate* unmanaged<int, nuint, void*, int> s_ioctl =
        (delegate* unmanaged<int, nuint, void*, int>)Export("ioctl");

    private static readonly unsafe delegate* unmanaged<int, int, nint, int> s_fcntl =
        (delegate* unmanaged<int, int, nint, int>)Export("fcntl64");

    private static readonly unsafe delegate* unmanaged<int, long, int, long> s_lseek =
        (delegate* unmanaged<int, long, int, long>)Export("lseek64");

    private static readonly unsafe delegate* unmanaged<uint, int, int> s_eventfd =
        (delegate* unmanaged<uint, int, int>)Export("eventfd");

    private static readonly unsafe delegate* unmanaged<int, void*, nuint, nint> s_write =
        (delegate* unmanaged<int, void*, nuint, nint>)Export("write");

    private static readonly unsafe delegate* unmanaged<int, void*, nuint, long, nint> s_pread =
        (delegate* unmanaged<int, void*, nuint, long, nint>)Export("pread64");

    private static readonly unsafe delegate* unmanaged<int, void*, nuint, long, nint> s_pwrite =
        (delegate* unmanaged<int, void*, nuint, long, nint>)Export("pwrite64");

    private static readonly unsafe delegate* unmanaged<byte*, uint, int> s_memfd_create =
        (delegate* unmanaged<byte*, uint, int>)Export("memfd_create");

    private static readonly unsafe delegate* unmanaged<int, rlimit*, int> s_getrlimit =
        (delegate* unmanaged<int, rlimit*, int>)Export("getrlimit64");

    private static readonly unsafe delegate* unmanaged<int, rlimit*, int> s_setrlimit =
        (delegate* unmanaged<int, rlimit*, int>)Export("setrlimit64");

    /// <summary>
    /// <c>errno</c> as the last call left it. To be read directly after the call, nothing in between:
    /// function pointers know no SetLastError. The runtime keeps errno over its own return path from
    /// unmanaged code.
    /// </summary>
    public static int errno => Marshal.GetLastSystemError();

    /// <summary>
    /// Any system call by its number: syscall(2). On glibc a variadic function in assembly.
    /// </summary>
    /// <safety>
    /// The arguments are what the numbered system call documents; pointers stay valid as long as it says.
    /// </safety>
    [MayBlock]
    public static unsafe nint syscall(
        nint number, nint arg1 = 0, nint arg2 = 0, nint arg3 = 0, nint arg4 = 0, nint arg5 = 0, nint arg6 = 0)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_syscall(number, arg1, arg2, arg3, arg4, arg5, arg6);
        }
    }

    /// <summary>What mmap(2) returns on failure.</summary>
    /// <safety>It is no address: to be compared with, never followed.</safety>
    public static unsafe void* MAP_FAILED => unchecked((void*)(nint)(-1));

    /// <summary>mmap(2). Returns <see cref="MAP_FAILED"/> on failure.</summary>
    /// <safety>With MAP_FIXED the caller owns the range that is replaced.</safety>
    [return: Stable]
    public static unsafe void* mmap(
        void* address, nuint length, int protection, int flags, int fd, long offset)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_mmap(address, length, protection, flags, fd, offset);
        }
    }

    /// <summary>munmap(2).</summary>
    /// <safety>
    /// Nothing uses the range any more: no pointer, no span, no operation of the kernel or a device.
    /// </safety>
    public static unsafe int munmap([Releases] void* address, nuint length)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_munmap(address, length);
        }
    }

    /// <summary>madvise(2).</summary>
    /// <safety>The range is the caller's own mapping.</safety>
    public static unsafe int madvise(void* address, nuint length, int advice)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_madvise(address, length, advice);
        }
    }

    /// <summary>open(2), always with 64-bit offsets.</summary>
    /// <safety><paramref name="path"/> is a zero-terminated string.</safety>
    [MayBlock]
    public static unsafe int open(byte* path, int flags, uint mode = 0)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_open(path, flags, mode);
        }
    }

    /// <summary>
    /// close(2). Linux frees the descriptor also when it returns EINTR: never call it twice.
    /// </summary>
    [MayBlock]
    public static int close(int fd)
    {
        // SAFETY: no pointer is passed.
        unsafe
        {
            return s_close(fd);
        }
    }

    /// <summary>ioctl(2).</summary>
    /// <safety><paramref name="argument"/> is what the request number documents.</safety>
    [MayBlock]
    public static unsafe int ioctl(int fd, uint request, void* argument)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_ioctl(fd, request, argument);
        }
    }

    /// <summary>fcntl(2) with an integer argument.</summary>
    public static int fcntl(int fd, int command, nint argument)
    {
        // SAFETY: the argument is an integer for the commands used here (F_GETFL, F_SETFL).
        unsafe
        {
            return s_fcntl(fd, command, argument);
        }
    }

    /// <summary>lseek(2).</summary>
    public static long lseek(int fd, long offset, int whence)
    {
        // SAFETY: no pointer is passed.
        unsafe
        {
            return s_lseek(fd, offset, whence);
        }
    }

    /// <summary>eventfd(2).</summary>
    public static int eventfd(uint initialValue, int flags)
    {
        // SAFETY: no pointer is passed.
        unsafe
        {
            return s_eventfd(initialValue, flags);
        }
    }

    /// <summary>write(2).</summary>
    /// <safety><paramref name="buffer"/> has <paramref name="count"/> readable bytes.</safety>
    [MayBlock]
    public static unsafe nint write(int fd, void* buffer, nuint count)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_write(fd, buffer, count);
        }
    }

    /// <summary>pread(2).</summary>
    /// <safety><paramref name="buffer"/> has <paramref name="count"/> writable bytes.</safety>
    [MayBlock]
    public static unsafe nint pread(int fd, void* buffer, nuint count, long offset)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_pread(fd, buffer, count, offset);
        }
    }

    /// <summary>pwrite(2).</summary>
    /// <safety><paramref name="buffer"/> has <paramref name="count"/> readable bytes.</safety>
    [MayBlock]
    public static unsafe nint pwrite(int fd, void* buffer, nuint count, long offset)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_pwrite(fd, buffer, count, offset);
        }
    }

    /// <summary>memfd_create(2); glibc has it since 2.27.</summary>
    /// <safety><paramref name="name"/> is zero-terminated.</safety>
    public static unsafe int memfd_create(byte* name, uint flags)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_memfd_create(name, flags);
        }
    }

    /// <summary>getrlimit(2).</summary>
    /// <safety><paramref name="limit"/> is writable.</safety>
    public static unsafe int getrlimit(int resource, rlimit* limit)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_getrlimit(resource, limit);
        }
    }

    /// <summary>setrlimit(2).</summary>
    /// <safety><paramref name="limit"/> is readable.</safety>
    public static unsafe int setrlimit(int resource, rlimit* limit)
    {
        // SAFETY: the caller's duty, as the manual page has it.
        unsafe
        {
            return s_setrlimit(resource, limit);
        }
    }

    private static nint Export(string name) =>
        NativeLibrary.TryGetExport(Library.Handle, name, out nint address)
            ? address
            // glibc exports the 64-bit names beside the plain ones; a C library without them has only 64-bit
            // offsets.
            : NativeLibrary.GetExport(Library.Handle, name.Replace("64", "", StringComparison.Ordinal));

    // A class of its own: the order in which a partial class's files initialise their fields is the
    // compiler's.
    private static class Library
    {
        internal static readonly nint Handle =
            NativeLibrary.Load(OperatingSystem.IsLinux() ? "libc.so.6" : "libc");
    }
}

/// <summary>struct rlimit of getrlimit(2), 64-bit.</summary>
partial struct rlimit
{
    /// <summary>The soft limit. All bits set means none.</summary>
    public ulong rlim_cur;

    /// <summary>The hard limit.</summary>
    public ulong rlim_max;
}
