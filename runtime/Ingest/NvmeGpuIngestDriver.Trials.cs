#nullable enable
using System;
using System.Collections.Generic;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu;

// Where the slots are another device's memory, nothing can be told of a drive by looking: behind an IOMMU its
// reads may succeed and bring nothing. So before the first slot of a drive is filled, a trial read into that
// very slot has to bring the right bytes; else the source fails and the slot keeps what it had.
partial class NvmeGpuIngestDriver
{
    // What has been proven: namespaces as long as they are registered; filesystems that stand on one drive.
    // Files on others, which may lie on several drives, are tried one by one.
    private readonly List<NvmeNamespace> _provenNamespaces = [];
    private readonly List<((uint Major, uint Minor) Device, ulong MountId)> _provenFilesystems = [];

    // A trial read is still out: the slot that it was for may be written at any time.
    private IoUringException? _lost;

    private readonly SlotTrial _trial;
    private readonly long[] _slotOffsets;

    /// <summary>No slot is filled or published any more.</summary>
    private void ThrowIfLost()
    {
        if (_lost is { } lost)
        {
            throw new IoUringException(lost.Operation, lost.Errno, lost.LikelyCause);
        }
    }

    /// <summary>Its drive has to be tried before a slot is filled.</summary>
    private bool MustTry(NvmeNamespace source) =>
        !_regions.IsRegistered && !_provenNamespaces.Contains(source);

    /// <summary>The same of a file.</summary>
    private bool MustTry(SafeFileHandle file) =>
        !_regions.IsRegistered
        && !(FilesystemOf(file) is { } filesystem && _provenFilesystems.Contains(filesystem));

    /// <summary>
    /// Tries a source's drive with a free slot, and fails the source when its bytes do not arrive there.
    /// </summary>
    private void Try(OpenSource source, int freeSlot)
    {
        source.IsUntried = false;
        CapabilityOutcome outcome;
        string detail;
        try
        {
            (outcome, detail) = _trial(_slotMemory, _slotOffsets[freeSlot], _slotSizeBytes, source);
        }
        catch (IoUringException e) when (e.Errno == AttachedTrial.LostErrno)
        {
            _lost = e;
            throw;
        }
        catch (IoUringException e)
        {
            Fail(source, new IngestException(
                source.Path, $"the trial read could not be made: {e.Message}", e));
            return;
        }
        if (outcome != CapabilityOutcome.Proven)
        {
            Fail(source, new IngestException(
                source.Path, "it is not read, because no trial read has proven that its drive reaches the "
                + $"slots, which are another device's memory: {detail} {AttachedTrial.AdviceFor(outcome)}"));
        }
        else if (source.Namespace is { } from)
        {
            _provenNamespaces.Add(from);
        }
        else if (FilesystemOf(source.Handle!) is { } filesystem)
        {
            _provenFilesystems.Add(filesystem);
        }
    }

    private static (CapabilityOutcome Outcome, string Detail) TryForReal(
        GpuMappedBuffer slots, long startBytes, int slotSizeBytes, OpenSource source) =>
        source.Namespace is { } from
            ? AttachedTrial.OfNamespace(slots, startBytes, slotSizeBytes, from)
            : AttachedTrial.OfFile(
                slots, startBytes, slotSizeBytes, source.Handle!, source.AlignmentBytes);

    /// <summary>What a file's proof holds for; null when its filesystem is on no single drive.</summary>
    private static ((uint Major, uint Minor) Device, ulong MountId)? FilesystemOf(SafeFileHandle file) =>
        ExtentCalls.Real.State(file, out FileState state) == 0 && state.IsRegular && state.MountId != 0
            && BlockDevice.Find(ProbeEnvironment.Real, state.Device, out _) is { GenericName: not null }
            ? (state.Device, state.MountId)
            : null;
}
