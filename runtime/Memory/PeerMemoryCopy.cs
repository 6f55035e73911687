#nullable enable
using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Lets the CPU look at another device's memory: in a copy that the kernel makes, by write(2) from the
/// mapping into a file in memory (memfd). A load from such a mapping raises SIGBUS once the device is gone,
/// which ends a .NET process; the kernel's copy ends with EFAULT. Slow, as everything that reads across the
/// bus: for tests and for consumers on the host.
/// <para>Threads: one at a time.</para>
/// <para>Source: memfd_create(2), write(2), pread(2).</para>
/// </summary>
sealed partial class PeerMemoryCopy : IDisposable
{
    private const uint CloseOnExec = 1; // MFD_CLOEXEC

    private readonly SafeFileHandle _file;
    private readonly byte[] _bytes;

    /// <param name="lengthBytesMax">The longest copy.</param>
    /// <exception cref="IoUringException">The kernel has no memory for the file.</exception>
    public PeerMemoryCopy(int lengthBytesMax)
    {
        _bytes = new byte[lengthBytesMax];
        byte name = 0;
        int fd;
        int errno;
        // SAFETY: an empty, zero-terminated name on this frame, read during the call only.
        unsafe
        {
            fd = Libc.memfd_create(&name, CloseOnExec);
            errno = Libc.errno;
        }
        _file = fd >= 0
            ? new SafeFileHandle(fd, ownsHandle: true)
            : throw new IoUringException("memfd_create", errno, "");
    }

    /// <summary>What is in the memory now. Valid until the next call.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="lengthBytes">0 up to the longest copy.</param>
    /// <exception cref="IOException">The memory is gone with its device, or no memory was left for the
    /// copy.</exception>
    public ReadOnlySpan<byte> Of(nint address, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)lengthBytes, (uint)_bytes.Length);
        int fd = (int)_file.DangerousGetHandle();
        _ = Libc.lseek(fd, 0, Libc.SEEK_SET);
        for (int done = 0; done < lengthBytes;)
        {
            nint written;
            int errno;
            // SAFETY: the kernel reads the range, and says so (EFAULT) when it cannot.
            unsafe
            {
                written = Libc.write(fd, (void*)(address + done), (nuint)(lengthBytes - done));
                errno = Libc.errno;
            }
            if (written <= 0)
            {
                throw new IOException(
                    $"The device's memory at 0x{address + done:x} cannot be copied: "
                    + $"{Errno.NameOf(errno)}, {Errno.MeaningOf(errno)}."
                    + (errno == Libc.EFAULT ? " The device is gone, or its memory was unmapped." : ""));
            }
            done += (int)written;
        }
        for (int done = 0; done < lengthBytes;)
        {
            int count = RandomAccess.Read(_file, _bytes.AsSpan(done, lengthBytes - done), done);
            done += count > 0
                ? count
                : throw new EndOfStreamException("The copy is shorter than it was made.");
        }
        return _bytes.AsSpan(0, lengthBytes);
    }

    /// <summary>What was copied must not be looked at any more.</summary>
    public void Dispose() => _file.Dispose();
}
