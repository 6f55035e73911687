using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>What is done to files that the class library has no method for.</summary>
internal static class FileCalls
{
    private const int ENOSPC = 28;

    /// <summary>struct move_extent of the kernel's fs/ext4/ext4.h, in blocks of the filesystem.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MoveExtent
    {
        public uint Reserved;
        public uint DonorFd;
        public ulong StartBlock;
        public ulong DonorStartBlock;
        public ulong Blocks;
        public ulong MovedBlocks;
    }

    /// <summary>Gives the range back to the filesystem; the length stays.</summary>
    public static void PunchHole(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        const int FALLOC_FL_KEEP_SIZE = 1;
        const int FALLOC_FL_PUNCH_HOLE = 2;
        int errno = Allocate(file, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offsetBytes, lengthBytes);
        Check.Equal(0, errno, "error number of fallocate with a hole");
    }

    /// <summary>Blocks that were never written. False when the filesystem has not so many.</summary>
    public static bool TryAllocate(
        SafeFileHandle file, long offsetBytes, long lengthBytes, bool keepLength = false)
    {
        int errno = Allocate(file, keepLength ? 1 : 0, offsetBytes, lengthBytes);
        Check.That(errno is 0 or ENOSPC, $"fallocate failed with {errno}.");
        return errno == 0;
    }

    /// <summary>
    /// Exchanges the blocks of two files while the first one's bytes stay: what e4defrag(8) does. The error
    /// number; 0 when all were moved.
    /// </summary>
    public static int MoveBlocks(SafeFileHandle file, SafeFileHandle donor, ulong startBlock, ulong blocks)
    {
        const uint EXT4_IOC_MOVE_EXT = 0xC028_660F; // _IOWR('f', 15, struct move_extent)
        var move = new MoveExtent
        {
            DonorFd = (uint)donor.DangerousGetHandle(),
            StartBlock = startBlock,
            DonorStartBlock = startBlock,
            Blocks = blocks,
        };
        // SAFETY: a structure on this frame, read and written during the call only; the caller keeps both
        // files open.
        unsafe
        {
            int result = Libc.ioctl((int)file.DangerousGetHandle(), EXT4_IOC_MOVE_EXT, &move);
            int errno = Libc.errno;
            return result < 0 ? errno : 0;
        }
    }

    /// <summary>The second file becomes one with the blocks of the first: what cp --reflink does.</summary>
    public static void Clone(SafeFileHandle file, SafeFileHandle clone)
    {
        const uint FICLONE = 0x4004_9409; // _IOW(0x94, 9, int)
        // SAFETY: the request's argument is a number; the caller keeps both files open.
        unsafe
        {
            int result = Libc.ioctl(
                (int)clone.DangerousGetHandle(), FICLONE, (void*)file.DangerousGetHandle());
            int errno = Libc.errno;
            Check.That(result == 0, $"the file cannot be cloned: error {errno}.");
        }
    }

    /// <summary>sync(2): afterwards blocks that were given back are free.</summary>
    public static void Sync()
    {
        const int SYS_sync = 162;
        // SAFETY: no argument.
        unsafe
        {
            _ = Libc.syscall(SYS_sync);
        }
    }

    private static int Allocate(SafeFileHandle file, int mode, long offsetBytes, long lengthBytes)
    {
        const int SYS_fallocate = 285;
        // SAFETY: only numbers are passed.
        unsafe
        {
            nint result = Libc.syscall(
                SYS_fallocate, file.DangerousGetHandle(), mode, (nint)offsetBytes, (nint)lengthBytes);
            int errno = Libc.errno;
            return result == 0 ? 0 : errno;
        }
    }
}
