#nullable enable
using System;
using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// Which files' blocks are their bytes, and where they are. Refuses by name, never guesses.
/// </summary>
static partial class ExtentReading
{
    /// <summary>The most extents of one file.</summary>
    public const int ExtentsMax = 1 << 20;

    private const string Operation = "Reading a file by its blocks";
    private const int Batch = 64;

    private static readonly (ulong Attribute, string Word)[] s_attributes =
    [
        (Libc.STATX_ATTR_COMPRESSED, "compressed"),
        (Libc.STATX_ATTR_ENCRYPTED, "encrypted"),
        (Libc.STATX_ATTR_VERITY, "protected by fs-verity"),
    ];

    // What may be set: the rest says that the bytes are not there, or not as they are read.
    private const uint AllowedFlags =
        Libc.FIEMAP_EXTENT_LAST | Libc.FIEMAP_EXTENT_MERGED | Libc.FIEMAP_EXTENT_SHARED;

    private static readonly (uint Flag, string Reason)[] s_flags =
    [
        (Libc.FIEMAP_EXTENT_DELALLOC, "the file has bytes that have no place on the drive yet."),
        (Libc.FIEMAP_EXTENT_DATA_INLINE, "the file's bytes are inside its inode."),
        (Libc.FIEMAP_EXTENT_DATA_TAIL, "the file's end shares a block with other files."),
        (Libc.FIEMAP_EXTENT_DATA_ENCRYPTED, "the file is encrypted."),
        (Libc.FIEMAP_EXTENT_ENCODED, "the file's blocks are compressed or otherwise encoded."),
        (Libc.FIEMAP_EXTENT_UNWRITTEN, "the file has blocks that were never written: they read as zeros, and "
            + "the drive has something else there."),
        (Libc.FIEMAP_EXTENT_NOT_ALIGNED, "the file has extents that are no whole blocks."),
        (Libc.FIEMAP_EXTENT_UNKNOWN, "the filesystem does not know where the file's bytes are."),
    ];

    public static FileState Look(IExtentCalls calls, SafeFileHandle file)
    {
        int result = calls.State(file, out FileState state);
        return result == 0
            ? state
            : throw new NvmeException(Operation, -result, "the file could not be looked at.");
    }

    /// <summary>Where the file's filesystem begins on the namespace, in bytes.</summary>
    public static long PartitionStart(
        ProbeEnvironment environment, in FileState state, NvmeNamespace source)
    {
        if (!state.IsRegular)
        {
            throw Refuse("it is no regular file.");
        }
        string reason = "its filesystem stands on no single drive.";
        BlockDevice? disk = state.Device.Major == 0
            ? null
            : BlockDevice.Find(environment, state.Device, out reason);
        if (disk is null)
        {
            throw Refuse(reason);
        }
        if (disk.GenericName is null || disk.GenericName != source.GenericName)
        {
            throw Refuse($"the file lies on {disk.Name}, and not on the namespace {source.DevicePath}.");
        }
        if (source.LbaBytes != source.LbaDataBytes || disk.PartitionStartBytes % source.LbaDataBytes != 0)
        {
            throw Refuse(
                "the namespace has metadata between its blocks, or the partition begins inside one.");
        }
        return disk.PartitionStartBytes;
    }

    /// <summary>Filesystem and file are of a kind whose blocks are its bytes.</summary>
    public static void CheckFile(
        ProbeEnvironment environment, IExtentCalls calls, SafeFileHandle file, in FileState state)
    {
        foreach ((ulong attribute, string word) in s_attributes)
        {
            if ((state.Attributes & attribute) != 0)
            {
                throw Refuse($"the file is {word}: its blocks are not its bytes.");
            }
        }
        Need(calls.FilesystemType(file, out long type), "the kind of its filesystem is not known.");
        switch (type)
        {
            case Libc.EXT4_SUPER_MAGIC:
                Need(calls.InodeFlags(file, out uint flags), "its flags are not known.");
                if ((flags & Libc.FS_JOURNAL_DATA_FL) != 0 || MayJournalData(environment, state.MountId))
                {
                    throw Refuse("the file's data goes through the journal (data=journal), or the mount "
                        + "options cannot be read: the newest bytes may be there only.");
                }
                break;
            case Libc.XFS_SUPER_MAGIC:
                Need(calls.ExtendedFlags(file, out uint extended), "its flags are not known.");
                if ((extended & Libc.FS_XFLAG_REALTIME) != 0)
                {
                    throw Refuse("the file lies on the realtime device of its xfs.");
                }
                break;
            default:
                throw Refuse(
                    $"its filesystem (type 0x{type:x}) is neither ext4 nor xfs; on others what is called "
                    + "physical may be no place on the drive (btrfs).");
        }
    }

    /// <summary>
    /// All extents, checked to be whole blocks of the namespace, in order and without gaps.
    /// </summary>
    public static FileExtent[] Read(
        IExtentCalls calls, SafeFileHandle file, long lengthBytes, long startBytes, NvmeNamespace source)
    {
        var extents = new List<FileExtent>();
        var raw = new RawExtent[Batch];
        ulong nextBytes = 0;
        bool isLast = lengthBytes == 0;
        while (!isLast && nextBytes < (ulong)lengthBytes)
        {
            int count = calls.Extents(file, nextBytes, raw);
            Need(Math.Min(count, 0), "the filesystem does not tell its extents.");
            if (count == 0)
            {
                break;
            }
            foreach (RawExtent extent in raw.AsSpan(0, count))
            {
                if (extent.OffsetBytes >= (ulong)lengthBytes)
                {
                    isLast = true; // what follows is kept for when the file grows, and is no part of it
                    break;
                }
                if (extents.Count == ExtentsMax)
                {
                    throw Refuse($"it has more than {ExtentsMax} extents.");
                }
                extents.Add(Check(extent, nextBytes, startBytes, source));
                nextBytes += extent.LengthBytes;
                isLast |= (extent.Flags & Libc.FIEMAP_EXTENT_LAST) != 0;
            }
        }
        return nextBytes >= (ulong)lengthBytes
            ? [.. extents]
            : throw Refuse($"the file has a hole from byte {nextBytes} to its end.");
    }

    /// <summary>Whether a part of the file still lies where its extents say.</summary>
    public static bool AreWhere(
        IExtentCalls calls, SafeFileHandle file, FileExtents known, long fromBytes, long toBytes,
        long startBytes, NvmeNamespace source)
    {
        Span<RawExtent> raw = stackalloc RawExtent[Batch];
        long nextBytes = fromBytes;
        while (nextBytes < toBytes)
        {
            int count = calls.Extents(file, (ulong)nextBytes, raw);
            Need(Math.Min(count, 0), "the filesystem does not tell its extents.");
            if (count == 0)
            {
                return false;
            }
            foreach (RawExtent extent in raw[..count])
            {
                // The first may begin before the part. How extents are cut says nothing: their blocks count.
                FileExtent now = Check(extent, extent.OffsetBytes, startBytes, source);
                if (now.OffsetBytes > nextBytes || now.OffsetBytes + now.LengthBytes <= nextBytes)
                {
                    return false;
                }
                while (nextBytes < Math.Min(now.OffsetBytes + now.LengthBytes, toBytes))
                {
                    FileExtent before = known.Find(nextBytes);
                    long skippedBytes = nextBytes - now.OffsetBytes;
                    if (before.Lba != now.Lba + ((ulong)skippedBytes / (ulong)source.LbaDataBytes))
                    {
                        return false;
                    }
                    nextBytes += Math.Min(before.LengthBytes, now.LengthBytes - skippedBytes);
                }
                if (nextBytes >= toBytes)
                {
                    return true;
                }
            }
        }
        return true;
    }

    /// <summary>The refusal of a file.</summary>
    public static NvmeException Refuse(string reason) => new(Operation, 0, reason);

    private static FileExtent Check(
        in RawExtent extent, ulong expectedBytes, long startBytes, NvmeNamespace source)
    {
        foreach ((uint flag, string reason) in s_flags)
        {
            if ((extent.Flags & flag) != 0)
            {
                throw Refuse(reason);
            }
        }
        if ((extent.Flags & ~AllowedFlags) != 0)
        {
            throw Refuse($"it has an extent with flags 0x{extent.Flags:x}, of which one is not known.");
        }
        if (extent.OffsetBytes != expectedBytes)
        {
            throw Refuse($"the file has a hole at byte {expectedBytes}.");
        }
        ulong blockBytes = (ulong)source.LbaDataBytes;
        ulong endBytes = source.LengthLbas * blockBytes;
        if (extent.LengthBytes == 0 || extent.LengthBytes > long.MaxValue
            || extent.LengthBytes % blockBytes != 0 || extent.PhysicalBytes % blockBytes != 0
            || extent.PhysicalBytes > endBytes || extent.LengthBytes > endBytes
            || (ulong)startBytes > endBytes - extent.LengthBytes
            || extent.PhysicalBytes > endBytes - extent.LengthBytes - (ulong)startBytes)
        {
            throw Refuse(
                $"the extent at byte {extent.OffsetBytes} ({extent.LengthBytes} bytes at "
                + $"{extent.PhysicalBytes}) is no range of whole blocks of the namespace.");
        }
        return new FileExtent(
            (long)extent.OffsetBytes, (long)extent.LengthBytes,
            ((ulong)startBytes + extent.PhysicalBytes) / blockBytes);
    }

    /// <summary>Also when the mount's options cannot be found.</summary>
    private static bool MayJournalData(ProbeEnvironment environment, ulong mountId)
    {
        bool? isJournalled = null;
        environment.VisitLines("/proc/self/mountinfo", null, line =>
        {
            // "36 35 98:0 /root /mount options [fields] - type source options": proc_pid_mountinfo(5)
            if (mountId == 0 || !line.StartsWith($"{mountId} ", StringComparison.Ordinal))
            {
                return true;
            }
            string[] words = line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' ');
            isJournalled = words.Length < 3 || Array.IndexOf(words[2].Split(','), "data=journal") >= 0;
            return false;
        });
        return isJournalled ?? true;
    }

    private static void Need(int result, string reason)
    {
        if (result < 0)
        {
            throw new NvmeException(Operation, -result, reason);
        }
    }
}
