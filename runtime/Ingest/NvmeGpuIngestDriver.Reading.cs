#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using NvmeGpu.Bindings;

namespace NvmeGpu;

// From a source to bytes in a slot: open, read, continue, try again, fail. Nothing here allocates per read.
partial class NvmeGpuIngestDriver
{
    private enum SlotState : byte
    {
        Free,
        Reading,
        Settled, // the bytes are complete, or the slot or its source failed
        Published,
    }

    private struct Slot
    {
        public OpenSource Source;
        public Exception? Failure; // of this slot alone
        public long OffsetBytes;
        public int ExpectedBytes;
        public int FilledBytes;
        public int Retries;
        public bool IsReadAlone;
        public long DueMilliseconds; // of Environment.TickCount64
        public uint Position;
        public ReadToken Token;
        public SlotState State;
    }

    private readonly Slot[] _slots;
    private readonly int[] _freeSlots;
    private readonly int[] _slotOfOperation;
    private readonly OpenSource[] _sources = new OpenSource[OpenSourcesMax];
    private readonly bool _isDirect;
    private readonly int _failedSlotsMax;
    private readonly Queue<OpenSource> _reading = new(OpenSourcesMax); // with slots still to take, in order
    private int _freeSourceCount = OpenSourcesMax;
    private int _freeSlotCount;
    private int _inFlightCount;
    private long _nextSourceNumber;
    private IngestCounts _counts;

    /// <summary>One more source may be submitted.</summary>
    public bool CanSubmit => _freeSourceCount > 0;

    /// <summary>
    /// Opens a file and begins to read it into slots; a file larger than a slot takes as many as it needs,
    /// one after the other.
    /// </summary>
    /// <remarks>
    /// With <see cref="NativeReadPath.GpuDirectNvmePassthrough"/> by NVMe commands from where its filesystem
    /// says that its blocks are (<see cref="FileExtents"/>). That is asked again before each slot is
    /// published: a file that was written to or moved meanwhile fails with an <see cref="IngestException"/>
    /// whose reason begins with "ExtentsChanged", and what was published before is the file's.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="lengthBytes">How much of it from its start; null means all.</param>
    /// <param name="tag">Found again in <see cref="CompletedIngest.Tag"/>.</param>
    /// <returns>The source's number, found again in <see cref="CompletedIngest.Source"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lengthBytes"/> is negative.</exception>
    /// <exception cref="IngestException">The file cannot be opened, or not read by offset. Nothing was
    /// begun.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="OpenSourcesMax"/> sources are open: call <see cref="PollCompletions"/> first.
    /// </exception>
    public long SubmitFile(string path, long? lengthBytes = null, long tag = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (lengthBytes is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(lengthBytes), lengthBytes, "A length is 0 or more.");
        }
        _ring.EnsureUsable();
        EnsureCanSubmit();
        return Open(new IngestItem(path, lengthBytes, tag));
    }

    private void EnsureCanSubmit()
    {
        if (!CanSubmit)
        {
            throw new InvalidOperationException(
                $"{OpenSourcesMax} sources are open: call PollCompletions until CanSubmit says that there is "
                + "room.");
        }
    }

    /// <summary>As <see cref="SubmitFile"/>, with the failure as a value.</summary>
    private CompletedIngest? TrySubmit(in IngestItem item)
    {
        try
        {
            Open(item);
            return null;
        }
        catch (IngestException e)
        {
            _counts.SourcesFailed++;
            return new CompletedIngest
            {
                Source = _nextSourceNumber++,
                Path = item.Path,
                Tag = item.Tag,
                Status = IngestStatus.Failed,
                IsLast = true,
                Error = e,
            };
        }
    }

    private long Open(in IngestItem item)
    {
        if (item.Namespace is { } from)
        {
            return OpenRange(item, from);
        }
        if (ReadPath == NativeReadPath.GpuDirectNvmePassthrough)
        {
            return OpenByExtents(item);
        }
        SourceFile opened = SourceFile.Open(item.Path, item.LengthBytes, _isDirect);
        bool mustTry = false;
        try
        {
            RegisteredFile file = _ring.Register(opened.Handle);
            mustTry = opened.LengthBytes > 0 && MustTry(opened.Handle);
            OpenSource source = _sources[--_freeSourceCount];
            source.Reset(_nextSourceNumber++, item, file, opened, _slotSizeBytes);
            if (mustTry)
            {
                source.IsUntried = true;
                source.Handle = opened.Handle;
            }
            _reading.Enqueue(source);
            return source.Number;
        }
        finally
        {
            if (!mustTry) // the kernel has a reference of its own from the registration on
            {
                opened.Handle.Dispose();
            }
        }
    }

    /// <summary>Takes free slots and begins their reads, up to the depth.</summary>
    private void BeginReads()
    {
        while (_inFlightCount < _depthMax && _freeSlotCount > 0 && _reading.TryPeek(out OpenSource? source))
        {
            if (source.Failure is null && source.IsUntried)
            {
                Try(source, _freeSlots[_freeSlotCount - 1]);
            }
            if (source.Failure is not null)
            {
                _reading.Dequeue();
                SettleWithoutSlot(source);
                continue;
            }
            int index = _freeSlots[--_freeSlotCount];
            ref Slot slot = ref _slots[index];
            Debug.Assert(slot.State == SlotState.Free);
            slot.Source = source;
            slot.Failure = null;
            slot.OffsetBytes = source.NextOffsetBytes;
            slot.ExpectedBytes = (int)Math.Min(
                source.SlotBytesMax, source.LengthBytes - source.NextOffsetBytes);
            slot.FilledBytes = 0;
            slot.Retries = 0;
            slot.IsReadAlone = false;
            slot.State = SlotState.Reading;
            source.NextOffsetBytes += slot.ExpectedBytes;
            source.UnsettledSlotCount++;
            if (source.NextOffsetBytes == source.LengthBytes)
            {
                source.IsAllTaken = true;
                _reading.Dequeue();
            }
            if (_publishInOrder)
            {
                PushOrder(index);
            }
            BeginRead(index);
        }
    }

    /// <summary>Reads what the slot still lacks.</summary>
    private void BeginRead(int index)
    {
        ref Slot slot = ref _slots[index];
        OpenSource source = slot.Source;
        if (source.Namespace is { } from)
        {
            BeginCommand(index, ref slot, source, from);
            return;
        }
        int wanted = slot.ExpectedBytes - slot.FilledBytes;
        if (slot.ExpectedBytes == 0)
        {
            wanted = IngestOptions.SlotSizeStepBytes; // an empty file: see whether it really is
        }
        // Direct I/O reads whole blocks, also of the file's unaligned tail: the kernel stops at the end of
        // the file.
        wanted = (wanted + source.AlignmentBytes - 1) / source.AlignmentBytes * source.AlignmentBytes;
        slot.Token = _regions.Read(
            _ring, index, slot.FilledBytes, wanted, source.File, slot.OffsetBytes + slot.FilledBytes);
        Begun(index, ref slot);
    }

    private void Begun(int index, ref Slot slot)
    {
        _slotOfOperation[slot.Token.Index] = index;
        _inFlightCount++;
        _counts.ReadsSubmitted++;
    }

    private void OnCompletion(in Completion completion)
    {
        int index = _slotOfOperation[completion.Token.Index];
        _inFlightCount--;
        ref Slot slot = ref _slots[index];
        Debug.Assert(slot.State == SlotState.Reading && slot.Token == completion.Token);
        if (completion.IsSuccess)
        {
            OnBytes(index, ref slot, completion.ByteCount);
        }
        else if (completion.IsCommand)
        {
            OnCommandError(index, ref slot, completion);
        }
        else
        {
            OnError(index, ref slot, completion);
        }
    }

    private void OnBytes(int index, ref Slot slot, int byteCount)
    {
        OpenSource source = slot.Source;
        _counts.ReadsCompleted++;
        _counts.Count(source.Evidence);
        int filled = Math.Min(slot.FilledBytes + byteCount, slot.ExpectedBytes);
        _counts.BytesRead += filled - slot.FilledBytes;

        if (filled == slot.ExpectedBytes && !(source.MustBeEmpty && byteCount > 0))
        {
            slot.FilledBytes = filled;
            ConfirmExtents(slot);
            Settle(index, ref slot);
        }
        else if (source.Namespace is not null)
        {
            slot.FilledBytes = filled;
            slot.Retries = 0;
            if (source.Failure is null)
            {
                BeginRead(index); // the slot's next command
            }
            else
            {
                Settle(index, ref slot);
            }
        }
        else if (source.MustBeEmpty)
        {
            Fail(source, new IngestException(
                source.Path, "its size is said to be 0, but it has bytes: a file that the kernel makes up "
                + "(/proc, /sys) or one that is being written; copy it first, or say how much to read "
                + "(--length)."));
            Settle(index, ref slot);
        }
        else
        {
            ContinueShortRead(index, ref slot, filled, byteCount);
        }
    }

    private void ContinueShortRead(int index, ref Slot slot, int filled, int byteCount)
    {
        OpenSource source = slot.Source;
        // Direct I/O can only go on at a block's begin: what was read of the last block is read again.
        int resumeAt = filled / source.AlignmentBytes * source.AlignmentBytes;
        if (byteCount == 0 || resumeAt == slot.FilledBytes)
        {
            // The kernel reads a drive that was taken out as one that ends.
            string what = source.IsBlockDevice
                ? "its drive was removed while it was read" : "it became shorter while it was read";
            Fail(source, new IngestException(
                source.Path, $"{what}: {source.LengthBytes} bytes were expected, and it ended at "
                + $"{slot.OffsetBytes + filled}."));
            Settle(index, ref slot);
            return;
        }
        _counts.BytesRead -= filled - resumeAt;
        slot.FilledBytes = resumeAt;
        if (source.Failure is not null)
        {
            Settle(index, ref slot);
            return;
        }
        _counts.ShortReads++;
        BeginRead(index);
    }

    private void OnError(int index, ref Slot slot, in Completion completion)
    {
        OpenSource source = slot.Source;
        int errno = completion.Errno;
        if (errno is Libc.EAGAIN or Libc.EINTR && slot.Retries < RetriesMax && source.Failure is null)
        {
            slot.Retries++;
            _counts.Retries++;
            BeginRead(index);
            return;
        }
        if (_failedSlotsMax > 0 && !slot.IsReadAlone && source.Failure is null
            && BadBlock.IsCauseOf(completion))
        {
            // The kernel joins reads that lie side by side and were submitted together, and a bad block then
            // fails them all: whose it is shows a read that is submitted by itself.
            slot.IsReadAlone = true;
            _counts.Retries++;
            BeginRead(index);
            _ = _ring.Submit();
            return;
        }
        if (errno == Libc.ECANCELED)
        {
            _counts.ReadsCancelled++;
        }
        else
        {
            _counts.ReadsFailed++;
        }
        FailSlot(
            ref slot, completion, WhyReadFailed(source, slot.OffsetBytes + slot.FilledBytes, errno));
        Settle(index, ref slot);
    }

    private static IngestException WhyReadFailed(OpenSource source, long offsetBytes, int errno) => new(
        source.Path,
        $"reading at offset {offsetBytes} failed: {Errno.NameOf(errno)}, {Errno.MeaningOf(errno)}."
            + errno switch
            {
                Libc.EIO or Libc.ENODATA or Libc.EILSEQ =>
                    " The storage could not deliver these bytes; look at the kernel's log (dmesg).",
                Libc.EINVAL or Libc.EOPNOTSUPP =>
                    " This file does not support such reads, or its drive cannot reach this memory.",
                Libc.EISDIR => " It is a directory.",
                Libc.EREMOTEIO => " The drive cannot reach this peer memory: the two devices are not behind "
                    + "one switch, nor behind a host bridge that Linux lists.",
                Libc.EFAULT => " The memory is gone with its device, or a device cannot reach it.",
                _ => "",
            },
        new IoUringException("io_uring read", errno, ""));

    /// <summary>
    /// The first failure of a source counts; reads of it that are in flight still have to come back.
    /// </summary>
    private static void Fail(OpenSource source, Exception failure) => source.Failure ??= failure;

    /// <summary>A read failed for good: its slot alone fails where it may, else its source.</summary>
    private void FailSlot(ref Slot slot, in Completion completion, IngestException failure)
    {
        OpenSource source = slot.Source;
        if (BadBlock.IsCauseOf(completion) && source.FailedSlotCount < _failedSlotsMax)
        {
            source.FailedSlotCount++;
            slot.Failure = failure;
            return;
        }
        Fail(source, failure);
    }

    private void Settle(int index, ref Slot slot)
    {
        slot.State = SlotState.Settled;
        if (!_publishInOrder)
        {
            PushOrder(index);
        }
    }

    /// <summary>
    /// Asks for the end of everything: sources fail, reads are cancelled, and come back one by one.
    /// </summary>
    private void CancelAll()
    {
        foreach (OpenSource source in _reading)
        {
            Fail(source, Cancelled(source));
        }
        foreach (int index in _delayed.AsSpan(0, _delayedCount))
        {
            Fail(_slots[index].Source, Cancelled(_slots[index].Source));
            Settle(index, ref _slots[index]);
        }
        _delayedCount = 0;
        foreach (ref Slot slot in _slots.AsSpan())
        {
            if (slot.State is SlotState.Reading or SlotState.Settled)
            {
                Fail(slot.Source, Cancelled(slot.Source));
            }
            if (slot.State == SlotState.Reading)
            {
                _ring.Cancel(slot.Token);
            }
        }

        static OperationCanceledException Cancelled(OpenSource source) =>
            new($"{source.Path}: reading was cancelled.");
    }
}
