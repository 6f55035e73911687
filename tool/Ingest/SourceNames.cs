using System.Collections.Generic;
using System.Threading;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// Which path has which number. The driver counts sources in the order in which it takes them; a published
/// slot carries the number only. Holds the sources that are open or wait for the consumer, never all of them.
/// <para>Any thread.</para>
/// </summary>
internal sealed class SourceNames
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, string> _paths = [];
    private uint _next;

    /// <summary>The path of the next source.</summary>
    public void Add(string path)
    {
        lock (_gate)
        {
            _paths[_next++] = path;
        }
    }

    /// <summary>The source has ended: its path, and no more of it.</summary>
    public string Remove(uint source)
    {
        lock (_gate)
        {
            return _paths.Remove(source, out string? path) ? path : "";
        }
    }
}
