#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace NvmeGpu;

/// <summary>
/// How the probe looks at /proc, /sys and /dev: below a root that tests replace by a made-up tree, with a
/// limit on everything, and never with an exception for what a file says or whether it is there.
/// </summary>
sealed partial class ProbeEnvironment(string root)
{
    /// <summary>The largest file that is read as a whole.</summary>
    public const int TextBytesMax = 1 << 20;

    /// <summary>The largest file that is read line by line: /proc/kallsyms has some 10 MB.</summary>
    public const long LinesBytesMax = 64L << 20;

    /// <summary>The largest number of entries of a directory that is looked at.</summary>
    public const int EntriesMax = 16_384;

    private const int LineBytesMax = 4096;

    /// <summary>The machine as it is.</summary>
    public static ProbeEnvironment Real { get; } = new("/");

    /// <summary>Where an absolute path of the machine lies.</summary>
    public string Locate(string path) => Path.Join(root, path);

    /// <summary>The text of a small file, at most 1 MiB of it.</summary>
    public ProbeText ReadText(string path)
    {
        string reason = Try(path, stream => ReadAll(stream), out string? text, out bool isThere);
        return new ProbeText(text, isThere, reason);
    }

    /// <summary>The number that a file holds, in decimal; null when it holds none.</summary>
    public long? ReadNumber(string path) =>
        long.TryParse(ReadText(path).Trimmed, out long value) ? value : null;

    /// <summary>Goes through a file's lines until the visitor says that it has seen enough.</summary>
    /// <param name="path">An absolute path of the machine.</param>
    /// <param name="unpack">Changes the stream, for example decompresses it; null leaves it.</param>
    /// <param name="visit">Gets each line, cut at 4096 bytes; false ends the reading.</param>
    /// <returns>
    /// Text null when reading failed; otherwise empty, with a reason when the file is larger than is looked
    /// at.
    /// </returns>
    public ProbeText VisitLines(string path, Func<Stream, Stream>? unpack, Func<string, bool> visit)
    {
        string reason = Try(
            path,
            stream =>
            {
                using Stream lines = unpack is null ? stream : unpack(stream);
                return Visit(lines, visit);
            },
            out string? limit, out bool isThere);
        return limit is null ? new ProbeText(null, isThere, reason) : new ProbeText("", true, limit);
    }

    /// <summary>
    /// The names in a directory, in ordinal order; null with a reason when they cannot be listed.
    /// </summary>
    public IReadOnlyList<string>? List(string path, out string reason, out bool isThere)
    {
        try
        {
            var names = new List<string>();
            foreach (string entry in Directory.EnumerateFileSystemEntries(Locate(path)))
            {
                if (names.Count == EntriesMax)
                {
                    break;
                }
                names.Add(Path.GetFileName(entry));
            }
            names.Sort(StringComparer.Ordinal);
            reason = "";
            isThere = true;
            return names;
        }
        catch (Exception e) when (IsAboutTheMachine(e))
        {
            reason = Explain(path, e);
            isThere = !IsNotThere(e);
            return null;
        }
    }

    /// <summary>Whether a directory is there and can be seen.</summary>
    public bool HasDirectory(string path) => Directory.Exists(Locate(path));

    /// <summary>
    /// Where a link of /sys leads, as an absolute path of the machine; null when it leads nowhere.
    /// </summary>
    public string? FollowLink(string path)
    {
        try
        {
            string? target =
                new DirectoryInfo(Locate(path)).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            string prefix = Path.GetFullPath(root).TrimEnd('/');
            return target is not null && target.StartsWith(prefix + "/", StringComparison.Ordinal)
                ? target[prefix.Length..]
                : null;
        }
        catch (Exception e) when (IsAboutTheMachine(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a text is fit to be a part of a path: names come out of files of the machine, whose contents
    /// nobody vouches for.
    /// </summary>
    public static bool IsFileName(string name)
    {
        if (name.Length is 0 or > 128 || name is "." or "..")
        {
            return false;
        }
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or ':' or '+' or '~' or '!'))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// A piece of foreign text that can be printed: one line, no control characters, at most 120.
    /// </summary>
    public static string Printable(string text)
    {
        const int CharactersMax = 120;
        var printable = new StringBuilder();
        foreach (char c in text.Trim())
        {
            if (printable.Length == CharactersMax)
            {
                return printable.Append("...").ToString();
            }
            printable.Append(c is >= ' ' and < '\x7f' ? c : '?');
        }
        return printable.ToString();
    }

    private string Try<T>(string path, Func<Stream, T> read, out T? result, out bool isThere) where T : class
    {
        result = null;
        isThere = true;
        string located = Locate(path);
        try
        {
            if (Directory.Exists(located))
            {
                return $"{path} is a directory";
            }
            // No buffer of its own and no lock: many files of /proc make their text anew for each read.
            using var stream = new FileStream(
                located, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0);
            result = read(stream);
            return "";
        }
        catch (Exception e) when (IsAboutTheMachine(e))
        {
            isThere = !IsNotThere(e);
            return Explain(path, e);
        }
    }

    private static string ReadAll(Stream stream)
    {
        byte[] bytes = new byte[4096];
        int length = 0;
        while (true)
        {
            if (length == bytes.Length)
            {
                if (length == TextBytesMax)
                {
                    break;
                }
                Array.Resize(ref bytes, Math.Min(length * 2, TextBytesMax));
            }
            int count = stream.Read(bytes, length, bytes.Length - length);
            if (count == 0)
            {
                break;
            }
            length += count;
        }
        return Encoding.Latin1.GetString(bytes, 0, length);
    }

    /// <summary>Empty, or why not everything was visited.</summary>
    private static string Visit(Stream stream, Func<string, bool> visit)
    {
        byte[] block = new byte[64 << 10];
        var line = new byte[LineBytesMax];
        int lineLength = 0;
        for (long total = 0; total < LinesBytesMax;)
        {
            int count = stream.Read(block, 0, block.Length);
            if (count == 0)
            {
                _ = lineLength == 0 || visit(Encoding.Latin1.GetString(line, 0, lineLength));
                return "";
            }
            total += count;
            for (int i = 0; i < count; i++)
            {
                if (block[i] != '\n')
                {
                    if (lineLength < LineBytesMax)
                    {
                        line[lineLength++] = block[i];
                    }
                    continue;
                }
                if (!visit(Encoding.Latin1.GetString(line, 0, lineLength)))
                {
                    return "";
                }
                lineLength = 0;
            }
        }
        return $"only the first {LinesBytesMax >> 20} MiB were looked at";
    }

    private static bool IsNotThere(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;

    // InvalidDataException: a compressed file that is none. ArgumentException and NotSupportedException: odd
    // names, and files that cannot be opened as such.
    private static bool IsAboutTheMachine(Exception e) => e is IOException or UnauthorizedAccessException
        or InvalidDataException or ArgumentException or NotSupportedException
        or System.Security.SecurityException;

    private static string Explain(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{path} is not there",
        UnauthorizedAccessException => $"{path} may not be read by this user",
        InvalidDataException => $"{path} is damaged",
        _ => $"{path} could not be read ({Printable(e.Message)})",
    };
}
