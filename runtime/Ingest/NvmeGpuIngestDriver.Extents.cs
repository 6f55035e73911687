#nullable enable
using System;
using System.Collections.Generic;
using NvmeGpu.Bindings;

namespace NvmeGpu;

// Files by NVMe commands, past their filesystem: where their bytes are is asked before the reads, and of each
// slot's part of the file again before the slot is published.
partial class NvmeGpuIngestDriver
{
    // Opened by us for the files on them, and kept from file to file until a read of one of them fails.
    private readonly List<((uint Major, uint Minor) Device, NvmeNamespace Source)> _drives = [];

    /// <exception cref="IngestException">It cannot be read this way.</exception>
    private long OpenByExtents(in IngestItem item)
    {
        SourceFile opened = SourceFile.Open(item.Path, item.LengthBytes, isDirect: false);
        NvmeNamespace? from = null;
        try
        {
            from = DriveOf(item.Path, opened);
            if (WhyNoCommands(from) is { } reason)
            {
                throw new IngestException(item.Path, $"of its drive {from.DevicePath}: {reason}");
            }
            FileExtents extents = FileExtents.Map(opened.Handle, from);
            if (extents.LengthBytes < opened.LengthBytes)
            {
                throw new IngestException(item.Path, "it became shorter while it was opened.");
            }
            RegisterNamespace(item.Path, from);
            OpenSource source = _sources[--_freeSourceCount];
            source.Reset(_nextSourceNumber++, item, extents, opened, from, LayoutOf(from));
            source.IsUntried = opened.LengthBytes > 0 && MustTry(from);
            _reading.Enqueue(source);
            return source.Number;
        }
        catch (Exception e)
        {
            opened.Handle.Dispose();
            if (from is not null)
            {
                ForgetDrive(from);
            }
            if (e is NvmeException)
            {
                throw new IngestException(item.Path, e.Message, e);
            }
            throw;
        }
    }

    /// <exception cref="NvmeException">It is on none that takes commands.</exception>
    private NvmeNamespace DriveOf(string path, in SourceFile opened)
    {
        if (ExtentCalls.Real.State(opened.Handle, out FileState state) is < 0 and int error)
        {
            throw new NvmeException("Looking at the file", -error, "");
        }
        foreach (((uint, uint) device, NvmeNamespace known) in _drives)
        {
            if (device == state.Device)
            {
                return known;
            }
        }
        NvmeNamespace source = NvmeNamespace.Open(path); // that it is the file's, its extents' mapping checks
        _drives.Add((state.Device, source));
        return source;
    }

    /// <summary>
    /// A drive that reads failed on is not used for further files, and closed when none is read from it: it
    /// may have been removed, and another one have its number.
    /// </summary>
    private void ForgetDrive(NvmeNamespace source)
    {
        if (IsOpen(source) || _drives.RemoveAll(drive => drive.Source == source) == 0)
        {
            return;
        }
        if (_namespaces.Remove(source))
        {
            _ring.Unregister(source);
            _provenNamespaces.Remove(source);
        }
        source.Dispose();
    }

    /// <summary>
    /// After the reads and before the bytes are published: they are the file's only if nothing has moved.
    /// </summary>
    private static void ConfirmExtents(in Slot slot)
    {
        OpenSource source = slot.Source;
        if (source.Extents is { } extents && source.Failure is null
            && !extents.IsUnchanged(slot.OffsetBytes, slot.ExpectedBytes))
        {
            Fail(source, new IngestException(
                source.Path, "ExtentsChanged: it was written to, or its filesystem moved it, while it was "
                + "read by its blocks; read it again, or by a path that asks the filesystem."));
        }
    }
}
