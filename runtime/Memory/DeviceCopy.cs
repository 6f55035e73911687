#nullable enable
using System;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Copies between ordinary memory and memory that may be a device's, through a file in memory: the kernel
/// touches the device's memory, so one that has gone away is EFAULT here, where a load of the processor's
/// would be SIGBUS and the end of the process.
/// <para>Threads: one at a time. Source: memfd_create(2), pread(2), pwrite(2).</para>
/// </summary>
sealed partial class DeviceCopy : IDisposable
{
    private readonly SafeFileHandle _file;

    /// <exception cref="IoUringException">The kernel has no memory for the file.</exception>
    public DeviceCopy()
    {
        // SAFETY: a zero-terminated name on this frame, read during the call only.
        unsafe
        {
            byte empty = 0;
            int fd = Libc.memfd_create(&empty, Libc.MFD_CLOEXEC);
            int errno = Libc.errno;
            _file = fd >= 0
                ? new SafeFileHandle(fd, ownsHandle: true)
                : throw new IoUringException("memfd_create", errno, "");
        }
    }

    /// <summary>Ordinary memory to a place in the buffer. 0, or a negative error number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not inside the buffer.</exception>
    public int Fill(GpuMappedBuffer target, long startBytes, ReadOnlySpan<byte> bytes)
    {
        Check(target, startBytes, bytes.Length);
        // SAFETY: the span is pinned for the call; the length was checked against the target's, whose owner
        // keeps it mapped.
        unsafe
        {
            fixed (byte* from = bytes)
            {
                int result = ToFile(from, bytes.Length);
                return result < 0 ? result : FromFile((byte*)target.Address + startBytes, bytes.Length);
            }
        }
    }

    /// <summary>A place in the buffer to ordinary memory. 0, or a negative error number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not inside the buffer.</exception>
    public int CopyOut(GpuMappedBuffer source, long startBytes, Span<byte> bytes)
    {
        Check(source, startBytes, bytes.Length);
        // SAFETY: the length was checked against the source's, whose owner keeps it mapped.
        unsafe
        {
            return CopyOut((byte*)source.Address + startBytes, bytes);
        }
    }

    /// <summary>A device's memory to ordinary memory. 0, or a negative error number.</summary>
    /// <safety>
    /// The range is mapped, or was: a mapping that is gone is EFAULT, unless something else has its address.
    /// </safety>
    public unsafe int CopyOut(byte* source, Span<byte> bytes)
    {
        // SAFETY: the caller's duty; the span is pinned for the call.
        unsafe
        {
            int result = ToFile(source, bytes.Length);
            if (result < 0)
            {
                return result;
            }
            fixed (byte* to = bytes)
            {
                return FromFile(to, bytes.Length);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Check(GpuMappedBuffer buffer, long startBytes, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startBytes, buffer.LengthBytes - lengthBytes);
    }

    private unsafe int ToFile(byte* from, int lengthBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            // SAFETY: the caller's range, read during the call only.
            unsafe
            {
                nint count = Libc.pwrite(
                    (int)_file.DangerousGetHandle(), from + done, (nuint)(lengthBytes - done), done);
                int errno = Libc.errno;
                if (count <= 0)
                {
                    return count < 0 ? -errno : -Libc.EIO;
                }
                done += (int)count;
            }
        }
        Debug.Assert(done == lengthBytes);
        return 0;
    }

    private unsafe int FromFile(byte* to, int lengthBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            // SAFETY: the caller's range, written during the call only.
            unsafe
            {
                nint count = Libc.pread(
                    (int)_file.DangerousGetHandle(), to + done, (nuint)(lengthBytes - done), done);
                int errno = Libc.errno;
                if (count <= 0)
                {
                    return count < 0 ? -errno : -Libc.EIO;
                }
                done += (int)count;
            }
        }
        return 0;
    }
}
