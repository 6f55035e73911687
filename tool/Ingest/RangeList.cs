using System;
using System.Collections;
using System.Collections.Generic;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// The one range of blocks that the command line names. What is no namespace is reported. Keeps the namespace
/// open until it is disposed, which is after the ingest.
/// </summary>
internal sealed class RangeList(
    string path, LbaRange range, SourceNames names, Action<string, string> onFailure)
    : IEnumerable<IngestItem>, IDisposable
{
    private NvmeNamespace? _source;

    public IEnumerator<IngestItem> GetEnumerator()
    {
        string name = $"{path}[{range}]"; // a checksum of a part is not that of the whole
        if (Open() is not { } source)
        {
            yield break;
        }
        names.Add(name);
        yield return IngestItem.NvmeRange(source, range.First, range.Count);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _source?.Dispose();

    private NvmeNamespace? Open()
    {
        if (path.Length == 0)
        {
            onFailure(path, "the path is empty.");
            return null;
        }
        try
        {
            _source = NvmeNamespace.Open(path);
        }
        catch (NvmeException e)
        {
            onFailure(path, e.Message);
            return null;
        }
        if (_source.DevicePath == path)
        {
            return _source;
        }
        // Its blocks would count from the namespace's start, and not from the partition's or the file's.
        onFailure(
            path, $"--lba-range is of a namespace's character device; this lies on {_source.DevicePath}.");
        return null;
    }
}
