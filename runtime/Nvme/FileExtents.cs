#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Where a regular file's bytes lie on its namespace, so that read commands can read the file past its
/// filesystem. The filesystem does not know of it and may move the blocks at any time, therefore:
/// <code>
///   Map -> read -> IsUnchanged: only then are the bytes that were read the file's
/// </code>
/// It compares the extents, the length and both times of change. Only ext4 and xfs (outside its realtime
/// device) are trusted to say where the bytes are; compressed, encrypted and verity files, journalled data,
/// holes and blocks that were never written are refused by name. One thing it cannot see: ext4 changes no
/// time when it moves a file's blocks (e4defrag), so that a file which is moved away and back to the same
/// blocks during one read, with others' bytes there in between, counts as unchanged.
/// <para>Threads: immutable; any thread. Source: Linux, Documentation/filesystems/fiemap.rst.</para>
/// </summary>
sealed partial class FileExtents
{
    private readonly ProbeEnvironment _environment;
    private readonly IExtentCalls _calls;
    private readonly SafeFileHandle _file;
    private readonly NvmeNamespace _source;
    private readonly FileState _state;
    private readonly FileExtent[] _extents;
    private readonly long _startBytes; // where the filesystem begins on the namespace

    private FileExtents(
        ProbeEnvironment environment, IExtentCalls calls, SafeFileHandle file, NvmeNamespace source,
        in FileState state, FileExtent[] extents, long startBytes)
    {
        _environment = environment;
        _calls = calls;
        _file = file;
        _source = source;
        _state = state;
        _extents = extents;
        _startBytes = startBytes;
    }

    /// <summary>In the order of the file, without gaps; empty for an empty file.</summary>
    public IReadOnlyList<FileExtent> Extents => _extents;

    /// <summary>Length of the file in bytes.</summary>
    public long LengthBytes => _state.LengthBytes;

    /// <summary>
    /// Finds a file's extents, after what was written to it has reached the drive (FIEMAP_FLAG_SYNC).
    /// </summary>
    /// <param name="file">Open for reading; stays open as long as this object is asked whether it
    /// changed.</param>
    /// <param name="source">The namespace that it lies on.</param>
    /// <exception cref="NvmeException">The file's blocks cannot be trusted to be its bytes: with the
    /// reason.</exception>
    public static FileExtents Map(SafeFileHandle file, NvmeNamespace source) =>
        Map(ProbeEnvironment.Real, ExtentCalls.Real, file, source);

    internal static FileExtents Map(
        ProbeEnvironment environment, IExtentCalls calls, SafeFileHandle file, NvmeNamespace source)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        FileState before = ExtentReading.Look(calls, file);
        long startBytes = ExtentReading.PartitionStart(environment, before, source);
        ExtentReading.CheckFile(environment, calls, file, before);
        FileExtent[] extents = ExtentReading.Read(calls, file, before.LengthBytes, startBytes, source);
        // Blocks that are moved after what was written has reached the drive and before they are listed have
        // their bytes in memory only: what is listed again was written to the drive in between.
        FileExtent[] again = ExtentReading.Read(calls, file, before.LengthBytes, startBytes, source);
        if (!again.AsSpan().SequenceEqual(extents))
        {
            throw ExtentReading.Refuse("the filesystem moved it meanwhile.");
        }
        if (ExtentReading.Look(calls, file) != before)
        {
            throw ExtentReading.Refuse("the file was written to meanwhile.");
        }
        return new FileExtents(environment, calls, file, source, before, extents, startBytes);
    }

    /// <summary>
    /// What is left, from a place in the file, of the extent that contains it.
    /// </summary>
    /// <param name="offsetBytes">A multiple of the namespace's block, less than the file's length.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public FileExtent Find(long offsetBytes)
    {
        if (offsetBytes < 0 || offsetBytes >= LengthBytes || offsetBytes % _source.LbaDataBytes != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offsetBytes), offsetBytes,
                $"Not a multiple of {_source.LbaDataBytes} inside the file's {LengthBytes} bytes.");
        }
        int low = 0;
        int high = _extents.Length - 1;
        while (low < high) // the last one that does not begin behind it
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _extents[middle].OffsetBytes <= offsetBytes ? (middle, high) : (low, middle - 1);
        }
        FileExtent extent = _extents[low];
        long skippedBytes = offsetBytes - extent.OffsetBytes;
        return new FileExtent(
            offsetBytes, extent.LengthBytes - skippedBytes,
            extent.Lba + (ulong)(skippedBytes / _source.LbaDataBytes));
    }

    /// <summary>
    /// Asks again for a part of the file only: false when its blocks are elsewhere or the file was written to
    /// or changed its length, wherever. What was read of that part in between is then not the file's.
    /// Allocates nothing when nothing has changed.
    /// </summary>
    /// <param name="offsetBytes">As for <see cref="Find"/>.</param>
    /// <param name="lengthBytes">Up to the end of the file; 0 compares only the file's state.</param>
    /// <exception cref="ArgumentOutOfRangeException">That is no part of the file.</exception>
    [return: MustObserve]
    public bool IsUnchanged(long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, LengthBytes - offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(
            offsetBytes % _source.LbaDataBytes, 0, nameof(offsetBytes));
        try
        {
            return ExtentReading.AreWhere(
                    _calls, _file, this, offsetBytes, offsetBytes + lengthBytes, _startBytes, _source)
                && ExtentReading.Look(_calls, _file) == _state;
        }
        catch (NvmeException)
        {
            return false;
        }
    }

    /// <summary>
    /// Maps the file again: false when anything is different, or it cannot be mapped any more. What was read
    /// in between is then not the file's.
    /// </summary>
    [return: MustObserve]
    public bool IsUnchanged()
    {
        try
        {
            FileExtents again = Map(_environment, _calls, _file, _source);
            return again._state == _state && again._extents.SequenceEqual(_extents);
        }
        catch (NvmeException)
        {
            return false;
        }
    }
}
