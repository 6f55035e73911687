using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Enumeration;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// Everything below a directory that can be read as a file: sorted by name within each directory, files before
/// subdirectories, symbolic links not followed. Unlike <see cref="IngestSource.Directory"/> it goes on after a directory that
/// cannot be read, and reports it. Memory: the names of one directory at a time.
/// </summary>
internal static class DirectoryWalk
{
    private static readonly EnumerationOptions s_options = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = 0,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    /// <param name="root">The directory.</param>
    /// <param name="onFailure">Path and reason of each directory that could not be read.</param>
    public static IEnumerable<string> Files(string root, Action<string, string> onFailure)
    {
        var folders = new Stack<string>();
        folders.Push(root);
        while (folders.TryPop(out string? folder))
        {
            var files = new List<string>();
            var inner = new List<string>();
            try
            {
                List(folder, files, inner);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                onFailure(folder, WhyNotListed(e));
                continue;
            }
            files.Sort(StringComparer.Ordinal);
            foreach (string name in files)
            {
                yield return Path.Join(folder, name);
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
        var entries = new FileSystemEnumerable<(string Name, bool IsDirectory)>(
            folder,
            static (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory),
            s_options)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        foreach ((string name, bool isDirectory) in entries)
        {
            (isDirectory ? folders : files).Add(name);
        }
    }

    private static string WhyNotListed(Exception e) => e switch
    {
        UnauthorizedAccessException => "permission denied; this user may not list this directory, so its files are missing.",
        DirectoryNotFoundException => "the directory vanished while it was read.",
        PathTooLongException => "the path is too long.",
        _ => $"the directory cannot be listed: {e.Message}",
    };
}
