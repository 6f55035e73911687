using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// A list of paths from a stream, one per line or NUL-terminated. Paths are data: nothing in them is
/// interpreted, trimmed or expanded. Read on a thread of its own, so that a slow writer never keeps a
/// cancellation waiting.
/// </summary>
internal sealed class PathList(Stream stream, byte separator)
{
    /// <summary>Linux's limit for a path given to a system call, with its NUL (PATH_MAX).</summary>
    private const int PathBytesMax = 4096;

    private const int QueuedMax = 256;

    private static readonly UTF8Encoding s_strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Channel<string> _paths = Channel.CreateBounded<string>(QueuedMax);
    private readonly List<byte> _pending = new(PathBytesMax);
    private bool _isTooLong;

    /// <summary>The paths, as they come. Ends early, without an exception, when cancelled.</summary>
    /// <param name="onFailure">Called on the reading thread for entries that are no paths.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    public IEnumerable<string> Paths(Action<string, string> onFailure, CancellationToken cancel)
    {
        var reader = new Thread(() => Read(onFailure)) { IsBackground = true, Name = "nvmegpu path list" };
        reader.Start();
        while (TryTake(cancel, out string path))
        {
            yield return path;
        }
    }

    private bool TryTake(CancellationToken cancel, out string path)
    {
        while (true)
        {
            if (_paths.Reader.TryRead(out string? taken))
            {
                path = taken;
                return true;
            }
            Task<bool> next = _paths.Reader.WaitToReadAsync(cancel).AsTask();
            try
            {
                if (!next.GetAwaiter().GetResult())
                {
                    path = "";
                    return false;
                }
            }
            catch (OperationCanceledException)
            {
                path = "";
                return false;
            }
        }
    }

    private void Read(Action<string, string> onFailure)
    {
        byte[] chunk = new byte[16 << 10];
        try
        {
            int count;
            while ((count = stream.Read(chunk)) > 0)
            {
                Split(chunk.AsSpan(0, count), onFailure);
            }
            if (_pending.Count > 0 || _isTooLong)
            {
                Finish(onFailure);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            onFailure("standard input", $"the list of paths cannot be read: {e.Message}");
        }
        finally
        {
            _paths.Writer.Complete();
        }
    }

    private void Split(ReadOnlySpan<byte> bytes, Action<string, string> onFailure)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf(separator);
            Append(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }
            Finish(onFailure);
            bytes = bytes[(end + 1)..];
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int room = PathBytesMax - 1 - _pending.Count;
        _isTooLong |= bytes.Length > room;
        _pending.AddRange(bytes[..Math.Min(bytes.Length, room)]);
    }

    private void Finish(Action<string, string> onFailure)
    {
        byte[] name = [.. _pending];
        bool isTooLong = _isTooLong;
        _pending.Clear();
        _isTooLong = false;
        if (isTooLong)
        {
            onFailure(
                Encoding.UTF8.GetString(name.AsSpan(0, 64)) + "...",
                $"this entry of the list is longer than a path can be ({PathBytesMax - 1} bytes); is the "
                + "separator right (--null)?");
            return;
        }
        string path;
        try
        {
            path = s_strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            onFailure(Encoding.UTF8.GetString(name), SourceList.NotUtf8);
            return;
        }
        if (!_paths.Writer.TryWrite(path))
        {
            _paths.Writer.WriteAsync(path).AsTask().GetAwaiter().GetResult(); // waits for room
        }
    }
}
