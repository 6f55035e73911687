using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Hashes each source's bytes in the order in which they are published, and keeps what became of it.
/// </summary>
internal sealed class HashingConsumer : ISlotConsumer
{
    private readonly Dictionary<uint, IncrementalHash> _running = [];
    private readonly Dictionary<uint, long> _nextOffset = [];

    public ConcurrentDictionary<uint, string> Hashes { get; } = new();

    public ConcurrentBag<uint> Abandoned { get; } = [];

    public ConcurrentBag<string> Mistakes { get; } = [];

    public int RunningCount => _running.Count;

    public void Consume(in PublishedSlot slot)
    {
        if (slot.IsAbandoned)
        {
            _running.Remove(slot.Source);
            Abandoned.Add(slot.Source);
            return;
        }
        long expected = _nextOffset.GetValueOrDefault(slot.Source);
        if (slot.OffsetBytes != expected)
        {
            Mistakes.Add($"source {slot.Source}: offset {slot.OffsetBytes}, expected {expected}");
        }
        _nextOffset[slot.Source] = expected + slot.Bytes.Length;
        if (!_running.TryGetValue(slot.Source, out IncrementalHash? hash))
        {
            hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _running.Add(slot.Source, hash);
        }
        hash.AppendData(slot.Bytes);
        if (slot.IsLast)
        {
            Hashes[slot.Source] = Convert.ToHexString(hash.GetCurrentHash());
            _running.Remove(slot.Source);
        }
    }
}
