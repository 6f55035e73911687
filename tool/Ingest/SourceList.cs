using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// Everything that the command line names, one file after the other and no earlier than it is wanted: files,
/// what is below directories, what the list on standard input names. What is no source is reported and passed
/// over.
/// </summary>
internal sealed class SourceList(
    IngestSettings settings, SourceNames names, Action<string, string> onFailure, CancellationToken cancel)
    : IEnumerable<IngestItem>
{
    /// <summary>In the place of a path: the list on standard input.</summary>
    public const string StandardInput = "-";

    internal const string NotUtf8 =
        "its name is not valid UTF-8, and .NET cannot hand such a name to the kernel; rename it.";

    private const char Replacement = '\uFFFD'; // what .NET puts in the place of bytes that are not UTF-8

    public IEnumerator<IngestItem> GetEnumerator()
    {
        foreach (string path in settings.Paths)
        {
            foreach (string file in Expand(path))
            {
                if (cancel.IsCancellationRequested)
                {
                    yield break;
                }
                // The replacement character could name another file that is there: never guess.
                if (file.Contains(Replacement))
                {
                    onFailure(file, NotUtf8);
                    continue;
                }
                names.Add(file);
                yield return new IngestItem(file, settings.LengthBytes);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<string> Expand(string path)
    {
        if (path != StandardInput)
        {
            return ExpandPath(path);
        }
        byte separator = settings.IsNulSeparated ? (byte)0 : (byte)'\n';
        return ExpandList(new PathList(Console.OpenStandardInput(), separator));
    }

    private IEnumerable<string> ExpandList(PathList list)
    {
        foreach (string path in list.Paths(onFailure, cancel))
        {
            foreach (string file in ExpandPath(path))
            {
                yield return file;
            }
        }
    }

    private IEnumerable<string> ExpandPath(string path) => Directory.Exists(path)
        ? IngestSource.Directory(path, e => onFailure(e.Path, e.Reason)).Select(item => item.Path)
        : [path];
}
