using System.Collections.Generic;
using System.Threading;
using NvmeGpu.Tool.Hashing;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// What stands in for the GPU: looks at every slot, hashes what it sees source by source, and reports each
/// source when its last byte was seen. Sources may be interleaved. One worker only.
/// </summary>
internal sealed class HashingConsumer(HashKind kind, SourceNames names, IIngestReport report) : ISlotConsumer
{
    private readonly Dictionary<uint, ISourceHash> _running = [];
    private readonly Stack<ISourceHash> _idle = new();
    private long _seenBytes;

    /// <summary>Bytes that were looked at, also of sources that failed later. Any thread.</summary>
    public long SeenBytes => Volatile.Read(ref _seenBytes);

    public void Consume(in PublishedSlot slot)
    {
        if (slot.IsAbandoned)
        {
            Drop(slot.Source);
            return;
        }
        ISourceHash? hash = HashOf(slot.Source);
        hash?.Append(slot.Bytes);
        Volatile.Write(ref _seenBytes, _seenBytes + slot.Bytes.Length);
        if (slot.IsLast)
        {
            string? digest = hash?.Finish();
            Drop(slot.Source);
            report.Source(names.Remove(slot.Source), slot.OffsetBytes + slot.Bytes.Length, digest);
        }
    }

    private ISourceHash? HashOf(uint source)
    {
        if (kind == HashKind.None)
        {
            return null;
        }
        if (!_running.TryGetValue(source, out ISourceHash? hash))
        {
            hash = _idle.TryPop(out ISourceHash? idle) ? idle : ISourceHash.Create(kind)!;
            _running.Add(source, hash);
        }
        return hash;
    }

    private void Drop(uint source)
    {
        if (_running.Remove(source, out ISourceHash? hash))
        {
            hash.Reset();
            _idle.Push(hash);
        }
    }
}
