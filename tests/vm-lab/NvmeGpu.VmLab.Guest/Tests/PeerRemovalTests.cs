using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// The controller whose memory is read into goes away. These are the last tests of a guest.
/// </summary>
internal static class PeerRemovalTests
{
    private const int WindowBytes = 64 << 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A load from such a mapping would raise SIGBUS and end the process. The kernel's own copy, out of it
    /// into a file in memory, says EFAULT instead: so that is how the CPU looks at peer memory.
    /// </summary>
    public static void After_the_memorys_controller_is_gone_reads_and_copies_are_EFAULT(GuestContext context)
    {
        using GpuMappedBuffer window = context.AllocatePeer(WindowBytes);
        NvmeDrive drive = context.Data;
        using SafeFileHandle block = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using SafeFileHandle copy = MemoryFile();
        using var reader = new CommandReader(drive, window);
        RegisteredFile file = reader.Ring.Register(block);
        Check.That(reader.Read(0, WindowBytes).IsSuccess, "a read before failed.");
        Check.Equal(WindowBytes, Copy(copy, window), "a copy before");
        CheckCopy(copy, context.Seed);

        // Its name among the NVMe controllers goes first, and the mapping later, while the PCI function
        // is removed: in between reads still succeed.
        string function = context.Peer.PciFunction();
        Check.That(Directory.Exists(function), $"{function} is not there.");
        context.Channel.Ask("unplug B");
        long start = Stopwatch.GetTimestamp();
        while (Directory.Exists(function))
        {
            Check.That(Stopwatch.GetElapsedTime(start) < s_patience, "B is still there after a minute.");
            Thread.Sleep(10);
        }
        Completion passthrough = reader.Read(0, WindowBytes);
        Check.Equal(Libc.EFAULT, passthrough.Errno, "a passthrough read afterwards");
        Check.That(
            passthrough.ToException("Reading").Message.Contains("not mapped any more"),
            passthrough.ToException("Reading").Message);
        _ = reader.Ring.Read(reader.Attached.Region(0, WindowBytes), file, 0);
        Check.Equal(Libc.EFAULT, reader.End().Errno, "a direct read afterwards");
        Check.Equal(-Libc.EFAULT, Copy(copy, window), "a copy afterwards");
    }

    private static SafeFileHandle MemoryFile()
    {
        const int SYS_memfd_create = 319;
        byte name = 0;
        // SAFETY: an empty, zero-terminated name on this frame.
        unsafe
        {
            nint fd = Libc.syscall(SYS_memfd_create, (nint)(&name));
            int errno = Libc.errno;
            Check.That(fd >= 0, $"memfd_create failed with {errno}.");
            return new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    /// <summary>write(2) out of the window: bytes, or a negative errno.</summary>
    private static int Copy(SafeFileHandle to, GpuMappedBuffer window)
    {
        // SAFETY: the kernel reads the window, and says so when it cannot.
        unsafe
        {
            nint result = Libc.write((int)to.DangerousGetHandle(), (void*)window.Address, WindowBytes);
            int errno = Libc.errno;
            return result >= 0 ? (int)result : -errno;
        }
    }

    private static void CheckCopy(SafeFileHandle copy, ulong seed)
    {
        byte[] bytes = new byte[WindowBytes];
        Check.Equal(WindowBytes, RandomAccess.Read(copy, bytes, 0), "bytes of the copy");
        Check.Pattern(bytes, 0, seed);
    }
}
