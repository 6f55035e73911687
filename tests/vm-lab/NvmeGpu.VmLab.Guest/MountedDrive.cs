using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// A drive with a filesystem, mounted once per guest: files are made in it, and read past it by commands.
/// </summary>
internal sealed class MountedDrive
{
    public const int BlockBytes = 4096;

    private const int ReadBytesMax = 64 << 10;

    private static readonly HashSet<string> s_mounted = [];

    private readonly ulong _seed;

    private MountedDrive(string serial, string folder, ulong seed)
    {
        Serial = serial;
        Folder = folder;
        _seed = seed;
    }

    public string Serial { get; }

    public string Folder { get; }

    /// <param name="context">Says from which seed the files are made.</param>
    /// <param name="serial">The controller's.</param>
    /// <param name="type">The filesystem, as mount(2) calls it.</param>
    /// <param name="partition">"p1" for the first one; empty for the whole drive.</param>
    public static MountedDrive Mount(
        GuestContext context, string serial, string type, string partition = "")
    {
        string folder = $"/mnt/{serial}";
        if (!s_mounted.Contains(folder))
        {
            GuestInit.Mount(type, NvmeDrive.Find(serial).BlockPath + partition, folder);
            _ = s_mounted.Add(folder);
        }
        return new MountedDrive(serial, folder, context.Settings.SeedOf(serial));
    }

    public NvmeNamespace OpenSource() => NvmeNamespace.Open(NvmeDrive.Find(Serial).CharPath);

    public SafeFileHandle Create(string name) => File.OpenHandle(
        $"{Folder}/{name}", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A new file with the pattern.</summary>
    public SafeFileHandle CreatePattern(string name, int lengthBytes)
    {
        SafeFileHandle file = Create(name);
        WritePattern(file, 0, lengthBytes);
        return file;
    }

    public void WritePattern(SafeFileHandle file, long offsetBytes, int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        DiskPattern.Fill(bytes, offsetBytes, _seed);
        RandomAccess.Write(file, bytes, offsetBytes);
    }

    /// <summary>
    /// A new file with the pattern, of about as many pieces as blocks: two files take a block each in turn,
    /// so that the other one has what would follow.
    /// </summary>
    public SafeFileHandle CreateInPieces(string name, int blocks)
    {
        SafeFileHandle file = Create(name);
        using SafeFileHandle other = Create("other");
        for (int i = 0; i < blocks; i++)
        {
            Check.That(
                FileCalls.TryAllocate(file, (long)i * BlockBytes, BlockBytes)
                && FileCalls.TryAllocate(other, (long)i * BlockBytes, BlockBytes),
                "the filesystem is too small for so many pieces.");
        }
        WritePattern(file, 0, blocks * BlockBytes);
        File.Delete($"{Folder}/other");
        return file;
    }

    /// <summary>A new file that takes every free block, without writing to them.</summary>
    public void TakeRest(string name)
    {
        using SafeFileHandle rest = Create(name);
        long at = 0;
        for (long pieceBytes = 64 << 20; pieceBytes >= BlockBytes;)
        {
            if (FileCalls.TryAllocate(rest, at, pieceBytes))
            {
                at += pieceBytes;
            }
            else
            {
                pieceBytes /= 2;
            }
        }
    }

    /// <summary>Maps the file and reads all of it; it is the pattern, and nobody has changed it.</summary>
    public FileExtents ReadAndCompare(SafeFileHandle file, int lengthBytes)
    {
        using NvmeNamespace source = OpenSource();
        FileExtents extents = FileExtents.Map(file, source);
        Check.Equal((long)lengthBytes, extents.LengthBytes, "the file's length");
        Check.Equal(
            (long)lengthBytes, extents.Extents.Sum(extent => extent.LengthBytes), "bytes of all extents");
        ReadPattern(extents, lengthBytes);
        Check.That(extents.IsUnchanged(), "nobody wrote, and it counts as changed.");
        return extents;
    }

    /// <summary>Every byte by commands, each checked against the pattern that the file was made of.</summary>
    public void ReadPattern(FileExtents extents, long lengthBytes)
    {
        long longest = extents.Extents.Max(extent => extent.LengthBytes);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(Math.Min(longest, ReadBytesMax));
        using var reader = new CommandReader(NvmeDrive.Find(Serial), buffer, isRegistered: true);
        for (long at = 0; at < lengthBytes;)
        {
            DeviceWords.Fill(buffer);
            int pieceBytes = ReadPiece(reader, extents, at, lengthBytes);
            // SAFETY: the buffer is longer than the read, and nothing is in flight.
            unsafe
            {
                Check.PatternInDevice(buffer.Address, pieceBytes, at, _seed);
            }
            at += pieceBytes;
        }
    }

    /// <summary>
    /// Every byte by commands into memory of the caller's, whatever it is: for files that are written to
    /// meanwhile.
    /// </summary>
    public static void ReadInto(byte[] bytes, CommandReader reader, FileExtents extents)
    {
        long lengthBytes = Math.Min(bytes.Length, (extents.LengthBytes + BlockBytes - 1) & -BlockBytes);
        for (long at = 0; at < lengthBytes;)
        {
            int pieceBytes = ReadPiece(reader, extents, at, lengthBytes);
            // SAFETY: the buffer is longer than the read, and nothing is in flight.
            unsafe
            {
                new ReadOnlySpan<byte>((void*)reader.Buffer.Address, pieceBytes)
                    .CopyTo(bytes.AsSpan((int)at));
            }
            at += pieceBytes;
        }
    }

    private static int ReadPiece(CommandReader reader, FileExtents extents, long offsetBytes, long endBytes)
    {
        FileExtent extent = extents.Find(offsetBytes);
        int lengthBytes = (int)Math.Min(
            Math.Min(extent.LengthBytes, reader.Buffer.LengthBytes), endBytes - offsetBytes);
        Completion completion = reader.Read((long)extent.Lba * reader.Source.LbaBytes, lengthBytes);
        Check.That(completion.IsSuccess, $"{extent}: error {completion.Errno}, {completion.NvmeStatus}.");
        return lengthBytes;
    }
}
