#nullable enable
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>One file to read, or with <see cref="NvmeRange"/> a range of a namespace's blocks.</summary>
/// <param name="Path">The file.</param>
/// <param name="LengthBytes">How much of it from its start; null means all.</param>
/// <param name="Tag">A number of the caller's, found again in <see cref="CompletedIngest.Tag"/>.</param>
readonly partial record struct IngestItem(string Path, long? LengthBytes = null, long Tag = 0)
{
    /// <summary>The namespace whose blocks are read; null for a file.</summary>
    public NvmeNamespace? Namespace { get; private init; }

    /// <summary>The first block, counted from the start of the namespace.</summary>
    public ulong FirstLba { get; private init; }

    /// <summary>Blocks; 0 for a file.</summary>
    public ulong BlockCount { get; private init; }

    /// <summary>
    /// A range of blocks, for a driver that was opened for
    /// <see cref="NativeReadPath.GpuDirectNvmePassthrough"/>. What is not inside the namespace fails when it
    /// is its turn.
    /// </summary>
    /// <param name="source">Where from; the caller's, and not to be disposed before it was read.</param>
    /// <param name="firstLba">The first block, counted from the start of the namespace.</param>
    /// <param name="blocks">1 and more.</param>
    /// <param name="tag">A number of the caller's.</param>
    public static IngestItem NvmeRange(NvmeNamespace source, ulong firstLba, ulong blocks, long tag = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new IngestItem(source.DevicePath, null, tag)
        {
            Namespace = source,
            FirstLba = firstLba,
            BlockCount = blocks,
        };
    }

    /// <summary>Null when the range lies inside the namespace.</summary>
    internal static string? WhyNotInside(NvmeNamespace source, ulong firstLba, ulong blocks) =>
        blocks == 0 ? "a range of 0 blocks was asked for; it has 1 and more."
        : blocks > source.LengthLbas || firstLba > source.LengthLbas - blocks
            ? $"{blocks} blocks from LBA {firstLba} run past the namespace's {source.LengthLbas}."
        : blocks > long.MaxValue / (ulong)source.LbaBytes
            ? $"{blocks} blocks are more bytes than can be counted; read them in parts."
        : null;
}

/// <summary>
/// What an ingest reads: files or ranges of blocks in an order. Enumerated lazily, so a list may
/// be longer than memory.
/// </summary>
sealed partial class IngestSource : IEnumerable<IngestItem>
{
    private static readonly EnumerationOptions s_all =
        new() { IgnoreInaccessible = false, AttributesToSkip = 0 };

    private readonly IEnumerable<IngestItem> _items;

    private IngestSource(IEnumerable<IngestItem> items) => _items = items;

    /// <summary>One file, or its first bytes.</summary>
    public static IngestSource File(string path, long? lengthBytes = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new IngestSource([new IngestItem(path, lengthBytes)]);
    }

    /// <summary>
    /// A range of a namespace's blocks, for a driver that was opened for
    /// <see cref="NativeReadPath.GpuDirectNvmePassthrough"/>.
    /// </summary>
    /// <param name="source">Where from; the caller's, and not to be disposed before it was read.</param>
    /// <param name="firstLba">The first block, counted from the start of the namespace.</param>
    /// <param name="blocks">1 and more.</param>
    public static IngestSource NvmeRange(NvmeNamespace source, ulong firstLba, ulong blocks) =>
        new([IngestItem.NvmeRange(source, firstLba, blocks)]);

    /// <summary>All blocks of a namespace.</summary>
    public static IngestSource NvmeRange(NvmeNamespace source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return NvmeRange(source, 0, source.LengthLbas);
    }

    /// <summary>Several, in that order.</summary>
    public static IngestSource Items(IEnumerable<IngestItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new IngestSource(items);
    }

    /// <summary>
    /// All regular files below a directory, sorted by name within each directory, files before
    /// subdirectories. Symbolic links are not followed; sockets, FIFOs and devices are left out.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="onUnreadable">
    /// Told of each directory that cannot be read, and the walk goes on. Null makes such a directory an
    /// exception.
    /// </param>
    /// <exception cref="IngestException">While enumerating: a directory cannot be read.</exception>
    public static IngestSource Directory(string path, Action<IngestException>? onUnreadable = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new IngestSource(Walk(path, onUnreadable));
    }

    /// <inheritdoc/>
    public IEnumerator<IngestItem> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IEnumerable<IngestItem> Walk(string root, Action<IngestException>? onUnreadable)
    {
        var folders = new Stack<string>();
        folders.Push(root);
        var files = new List<string>();
        var inner = new List<string>();
        while (folders.TryPop(out string? folder))
        {
            files.Clear();
            inner.Clear();
            try
            {
                List(folder, files, inner);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var unreadable = new IngestException(folder, WhyNotListed(e), e);
                (onUnreadable ?? throw unreadable)(unreadable);
                continue;
            }
            files.Sort(StringComparer.Ordinal);
            foreach (string name in files)
            {
                yield return new IngestItem(Path.Join(folder, name));
            }
            inner.Sort(StringComparer.Ordinal);
            for (int i = inner.Count - 1; i >= 0; i--)
            {
                folders.Push(Path.Join(folder, inner[i]));
            }
        }
    }

    private static void List(string folder, List<string> files, List<string> folders)
    {
        foreach (string path in System.IO.Directory.EnumerateFileSystemEntries(folder, "*", s_all))
        {
            switch (SourceFile.TypeOf(path))
            {
                case Libc.S_IFDIR:
                    folders.Add(Path.GetFileName(path));
                    break;
                // 0: vanished, or a name that is not UTF-8. Opening it says so; leaving it out would say
                // nothing.
                case Libc.S_IFREG or 0:
                    files.Add(Path.GetFileName(path));
                    break;
            }
        }
    }

    private static string WhyNotListed(Exception e) => e switch
    {
        UnauthorizedAccessException =>
            "permission denied; this user may not list this directory, so its files are missing.",
        DirectoryNotFoundException => "no such directory, or it vanished while it was read.",
        PathTooLongException => "the path is too long.",
        _ => $"the directory cannot be listed: {e.Message}",
    };
}
