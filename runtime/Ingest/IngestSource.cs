#nullable enable
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>One file to read.</summary>
/// <param name="Path">The file.</param>
/// <param name="LengthBytes">How much of it from its start; null means all.</param>
/// <param name="Tag">A number of the caller's, found again in <see cref="CompletedIngest.Tag"/>.</param>
readonly partial record struct IngestItem(string Path, long? LengthBytes = null, long Tag = 0);

/// <summary>What an ingest reads: files in an order. Enumerated lazily, so a list may be longer than memory.</summary>
sealed partial class IngestSource : IEnumerable<IngestItem>
{
    private readonly IEnumerable<IngestItem> _items;

    private IngestSource(IEnumerable<IngestItem> items) => _items = items;

    /// <summary>One file, or its first bytes.</summary>
    public static IngestSource File(string path, long? lengthBytes = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new IngestSource([new IngestItem(path, lengthBytes)]);
    }

    /// <summary>Several, in that order.</summary>
    public static IngestSource Items(IEnumerable<IngestItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new IngestSource(items);
    }

    /// <summary>
    /// All regular files below a directory, sorted by name within each directory, files before subdirectories. Symbolic links
    /// are not followed.
    /// </summary>
    /// <exception cref="IOException">While enumerating: a directory that cannot be read is an error, not a gap.</exception>
    /// <exception cref="UnauthorizedAccessException">While enumerating: the same, for permission.</exception>
    public static IngestSource Directory(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new IngestSource(Walk(path));
    }

    public IEnumerator<IngestItem> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IEnumerable<IngestItem> Walk(string root)
    {
        var options = new EnumerationOptions
        {
            IgnoreInaccessible = false,
            AttributesToSkip = 0,
            RecurseSubdirectories = false,
        };
        var folders = new Stack<string>();
        folders.Push(root);
        while (folders.TryPop(out string? folder))
        {
            string[] files = System.IO.Directory.GetFiles(folder, "*", options);
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files)
            {
                if (SourceFile.TypeOf(file) == Libc.S_IFREG)
                {
                    yield return new IngestItem(file);
                }
            }
            string[] inner = System.IO.Directory.GetDirectories(folder, "*", options);
            Array.Sort(inner, StringComparer.Ordinal);
            for (int i = inner.Length - 1; i >= 0; i--)
            {
                if (SourceFile.TypeOf(inner[i]) == Libc.S_IFDIR)
                {
                    folders.Push(inner[i]);
                }
            }
        }
    }
}
