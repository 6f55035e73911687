using System;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// NVMe commands by the runtime's own types: a ring, a namespace and memory that is the caller's, registered
/// or attached. One command at a time.
/// </summary>
internal sealed class CommandReader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly RegisteredMemory? _registered;
    private readonly AttachedMemory? _attached;

    public CommandReader(
        NvmeDrive drive, GpuMappedBuffer buffer, bool isRegistered = false, IoUringOptions? options = null)
        : this(drive.CharPath, buffer, isRegistered, options)
    {
    }

    public CommandReader(
        string path, GpuMappedBuffer buffer, bool isRegistered = false, IoUringOptions? options = null)
    {
        Buffer = buffer;
        Ring = IoUring.Create(
            (options ?? new IoUringOptions()) with { DepthMax = 4, UseBigEntries = true });
        try
        {
            Source = NvmeNamespace.Open(path);
            _registered = isRegistered ? Ring.Register(buffer) : null;
            _attached = isRegistered ? null : Ring.Attach(buffer);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IoUring Ring { get; }

    public NvmeNamespace Source { get; } = null!;

    public GpuMappedBuffer Buffer { get; }

    /// <summary>Memory that was not registered.</summary>
    public AttachedMemory Attached => _attached
        ?? throw new InvalidOperationException("the memory is registered.");

    /// <summary>Reads whole blocks into the start of the memory.</summary>
    public Completion Read(long offsetBytes, int lengthBytes)
    {
        Begin(
            0, lengthBytes, (ulong)(offsetBytes / Source.LbaBytes), (uint)(lengthBytes / Source.LbaBytes));
        return End();
    }

    /// <summary>Hands over a read of any shape, which the ring may refuse by an exception.</summary>
    public void Begin(long intoBytes, int lengthBytes, ulong lba, uint blocks)
    {
        _ = _registered is not null
            ? Ring.Read(_registered.Region(intoBytes, lengthBytes), Source, lba, blocks)
            : Ring.Read(Attached.Region(intoBytes, lengthBytes), Source, lba, blocks);
    }

    /// <summary>
    /// The same of a namespace with metadata apart: the data to the start of the memory, the metadata behind
    /// it.
    /// </summary>
    public void BeginWithMetadata(long metadataAt, ulong lba, uint blocks)
    {
        int dataBytes = (int)blocks * Source.LbaBytes;
        int metadataBytes = (int)blocks * Source.MetadataBytes;
        _ = _registered is not null
            ? Ring.Read(
                _registered.Region(0, dataBytes), _registered.Region(metadataAt, metadataBytes), Source, lba,
                blocks)
            : Ring.Read(
                Attached.Region(0, dataBytes), Attached.Region(metadataAt, metadataBytes), Source, lba,
                blocks);
    }

    /// <summary>Hands over a command that the runtime has not assembled.</summary>
    public void BeginByHand(in nvme_uring_cmd command)
    {
        RegisteredFile file = Ring.Register(Source.Handle);
        ref SubmissionEntry128 entry = ref Ring.ReserveBigEntry();
        // SAFETY: the command's memory is the caller's, who keeps it until the completion.
        unsafe
        {
            entry.Command = command;
        }
        _ = Ring.PushCommand(Attached, file.Index, ref entry);
    }

    public Completion End()
    {
        _ = Ring.Wait(1, s_patience);
        return Ring.TryReap(out Completion completion) ? completion : throw new GuestFailedException(
            $"a command did not complete in {s_patience.TotalSeconds} s.");
    }

    public void Dispose()
    {
        Ring.Dispose();
        Source?.Dispose();
    }
}
