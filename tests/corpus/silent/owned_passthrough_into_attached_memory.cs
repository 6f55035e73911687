#nullable enable
using System;
using NvmeGpu;

/// <summary>A namespace is read by command into a drive's own memory, eight reads at a time.</summary>
public sealed class NamespaceReader : IDisposable
{
    private const int SlotBytes = 128 << 10;
    private const int Slots = 8;

    private readonly IoUring _ring = IoUring.Create(
        new IoUringOptions { DepthMax = Slots, UseBigEntries = true, AllowMixedEntries = false });

    private readonly NvmeNamespace _source;
    private readonly GpuMappedBuffer _buffer;
    private readonly AttachedMemory _memory;
    private readonly ulong[] _lbaOfOperation = new ulong[Slots];

    public NamespaceReader(NvmeNamespace source, IPeerMemoryProvider provider)
    {
        _source = source;
        _buffer = provider.Allocate(Slots * SlotBytes);
        _memory = _ring.Attach(_buffer);
        _ring.Register(source);
    }

    public void Read(ulong firstLba, Action<AttachedRegion, ulong> use)
    {
        uint blocks = (uint)(SlotBytes / _source.LbaBytes);
        for (int slot = 0; slot < Slots; slot++)
        {
            ulong lba = firstLba + ((ulong)slot * blocks);
            AttachedRegion region = _memory.Region(slot * (long)SlotBytes, SlotBytes);
            ReadToken token = _ring.Read(region, _source, lba, blocks);
            _lbaOfOperation[token.Index] = lba;
        }
        for (int done = 0; done < Slots;)
        {
            _ = _ring.Wait(Slots - done, TimeSpan.FromSeconds(1));
            while (_ring.TryReap(out Completion completion))
            {
                if (!completion.IsSuccess)
                {
                    throw completion.ToException("NVMe read");
                }
                ulong lba = _lbaOfOperation[completion.Token.Index];
                use(_memory.Region((long)(lba - firstLba) * _source.LbaBytes, completion.ByteCount), lba);
                done++;
            }
        }
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffer.Dispose();
    }
}
