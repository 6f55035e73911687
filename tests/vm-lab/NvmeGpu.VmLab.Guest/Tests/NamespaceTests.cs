using System;
using System.Threading.Tasks;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Several namespaces on one controller, with formats and patterns of their own: 2 has blocks of 4096 bytes,
/// 3 and 4 have 512 and 8 bytes of metadata per block, behind the data and apart from it.
/// </summary>
internal static class NamespaceTests
{
    private const int WindowBytes = 256 << 10;

    private const int DataBytes = 512;

    private const int MetadataBytes = 8;

    /// <summary>
    /// QEMU 7.2 forgets the metadata of all but the last of a command's blocks when it is more than a sector
    /// of 512 bytes and no whole number of them (dma_blk_cb): so reads here have fewer blocks than make a
    /// sector, or multiples.
    /// </summary>
    private const int QemuBlocks = 512 / MetadataBytes;

    public static void Every_namespace_of_a_controller_brings_its_own_bytes(GuestContext context)
    {
        foreach ((uint id, int blockBytes) in (ReadOnlySpan<(uint, int)>)[(1, 512), (2, 4096)])
        {
            NvmeDrive drive = NvmeDrive.Await("A", id);
            using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
            using GpuMappedBuffer peer = context.AllocatePeer(WindowBytes);
            foreach (GpuMappedBuffer buffer in (GpuMappedBuffer[])[host, peer])
            {
                using var reader = new CommandReader(drive, buffer);
                Check.Equal(
                    (id, blockBytes), (reader.Source.NamespaceId, reader.Source.LbaBytes), drive.CharPath);
                long end = (long)reader.Source.LengthLbas * blockBytes;
                foreach (long offset in (ReadOnlySpan<long>)[0, 3L * blockBytes, end - WindowBytes])
                {
                    DeviceWords.Fill(buffer);
                    Check.That(
                        reader.Read(offset, WindowBytes).IsSuccess, $"namespace {id} at {offset} failed.");
                    // SAFETY: that many bytes, and nothing is in flight.
                    unsafe
                    {
                        Check.PatternInDevice(buffer.Address, WindowBytes, offset, SeedOf(context, id));
                    }
                }
            }
        }
    }

    /// <summary>It is there, on the same controller, and yet not what the device stands for.</summary>
    public static void The_number_of_another_namespace_is_refused(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        using var reader = new CommandReader(NvmeDrive.Await("A", 1), buffer);
        _ = NvmeDrive.Await("A", 2);
        foreach ((uint id, int expected) in (ReadOnlySpan<(uint, int)>)
            [(1, 0), (2, Libc.EINVAL), (9, Libc.EINVAL)])
        {
            DeviceWords.Fill(buffer);
            // SAFETY: the buffer is longer than what is read, and stays until the completion.
            unsafe
            {
                NvmeCommand.Read(
                    out nvme_uring_cmd command, id, (void*)buffer.Address, 4096, 0, 4096 / DataBytes,
                    DataBytes);
                reader.BeginByHand(command);
            }
            Check.Equal(expected, reader.End().Errno, $"the answer for namespace {id}");
            Check.Equal(
                expected != 0, DeviceWords.IsFilled(buffer, 0, 4096), $"nothing of namespace {id} arrived");
        }
    }

    public static void Blocks_with_metadata_behind_them_bring_both(GuestContext context)
    {
        NvmeDrive drive = NvmeDrive.Await("A", 3);
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
        using GpuMappedBuffer peer = context.AllocatePeer(WindowBytes);
        foreach (GpuMappedBuffer buffer in (GpuMappedBuffer[])[host, peer])
        {
            using var reader = new CommandReader(drive, buffer);
            NvmeNamespace source = reader.Source;
            Check.Equal(
                (DataBytes + MetadataBytes, DataBytes, MetadataBytes, true, false),
                (source.LbaBytes, source.LbaDataBytes, source.MetadataBytes, source.IsMetadataExtended,
                    source.IsMetadataSeparate),
                "the format");
            foreach ((ulong lba, int blocks) in (ReadOnlySpan<(ulong, int)>)
                [(0, 7 * QemuBlocks), (7, 1), (source.LengthLbas - QemuBlocks + 1, QemuBlocks - 1)])
            {
                DeviceWords.Fill(buffer);
                reader.Begin(0, blocks * source.LbaBytes, lba, (uint)blocks);
                Check.That(reader.End().IsSuccess, $"the read at LBA {lba} failed.");
                byte[] bytes = DeviceWords.Copy(buffer, blocks * source.LbaBytes);
                CheckBlocks(context, bytes, source, (long)lba);
            }
        }
    }

    public static void The_driver_ingests_blocks_with_metadata_behind_them(GuestContext context) =>
        IngestAsync(context).GetAwaiter().GetResult();

    /// <summary>By commands without a buffer for it, which would let the drive write to address 0.</summary>
    public static void Blocks_with_metadata_apart_are_refused_without_a_place_for_it(GuestContext context)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(WindowBytes);
        foreach (bool isRegistered in (bool[])[false, true])
        {
            using var reader = new CommandReader(NvmeDrive.Await("A", 4), buffer, isRegistered);
            Check.Equal(
                (DataBytes, MetadataBytes, false, true),
                (reader.Source.LbaBytes, reader.Source.MetadataBytes, reader.Source.IsMetadataExtended,
                    reader.Source.IsMetadataSeparate),
                "the format");
            Check.Refused<ArgumentException>(
                () => reader.Begin(0, DataBytes, 0, 1), "in a buffer of its own");
            Check.Equal(0, reader.Ring.InFlightCount, "reads that were begun all the same");
        }
    }

    /// <summary>Every byte of the data, in slots of one command and of several.</summary>
    public static void The_driver_ingests_blocks_with_metadata_apart(GuestContext context)
    {
        foreach (int slotBytes in (int[])[4096, 64 << 10, 4 << 20])
        {
            using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Await("A", 4).CharPath);
            using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(new IngestOptions
            {
                ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
                SlotCount = 2,
                SlotSizeBytes = slotBytes,
            });
            ulong blocks = Math.Min(source.LengthLbas, 2 * (ulong)slotBytes / DataBytes) - 1;
            IngestApartAsync(context, driver, source, blocks).GetAwaiter().GetResult();
        }
    }

    private static async Task IngestApartAsync(
        GuestContext context, NvmeGpuIngestDriver driver, NvmeNamespace source, ulong blocks)
    {
        long bytes = 0;
        await foreach (IngestedSlot slot in driver.ReadAllAsync(IngestSource.NvmeRange(source, 1, blocks)))
        {
            Check.Equal(bytes, slot.OffsetBytes, "where a slot begins");
            Check.Pattern(slot.Bytes, DataBytes + bytes, SeedOf(context, source.NamespaceId));
            bytes += slot.ByteCount;
        }
        Check.Equal((long)blocks * DataBytes, bytes, $"bytes in slots of {driver.SlotSizeBytes}");
    }

    /// <summary>
    /// With a place for it, in the same memory: data and metadata arrive, each in its own, and nothing else.
    /// </summary>
    public static void Blocks_with_metadata_apart_bring_both(GuestContext context)
    {
        const int MetadataAt = WindowBytes / 2;
        using GpuMappedBuffer host = GpuMappedBuffer.AllocateHost(WindowBytes);
        using GpuMappedBuffer peer = context.AllocatePeer(WindowBytes);
        foreach ((GpuMappedBuffer buffer, bool isRegistered) in
            (ReadOnlySpan<(GpuMappedBuffer, bool)>)[(host, true), (host, false), (peer, false)])
        {
            using var reader = new CommandReader(NvmeDrive.Await("A", 4), buffer, isRegistered);
            ulong end = reader.Source.LengthLbas;
            foreach ((ulong lba, int blocks) in (ReadOnlySpan<(ulong, int)>)
                [(0, 2 * QemuBlocks), (7, 1), (end - QemuBlocks + 1, QemuBlocks - 1)])
            {
                DeviceWords.Fill(buffer);
                reader.BeginWithMetadata(MetadataAt, lba, (uint)blocks);
                Completion completion = reader.End();
                Check.That(
                    completion.IsSuccess,
                    $"{buffer.Kind}, LBA {lba}: {completion.Errno}, {completion.NvmeStatus}.");
                CheckApart(context, buffer, reader.Source, lba, blocks, MetadataAt);
            }
            Check.Refused<ArgumentException>(
                () => reader.BeginWithMetadata(DataBytes, 0, 2), "data and metadata overlap");
            Check.Refused<ArgumentException>(
                () => reader.BeginWithMetadata(MetadataAt + 2, 0, 1), "is not a multiple of 4");
            Check.Equal(0, reader.Ring.InFlightCount, "reads that were begun all the same");
        }
    }

    private static void CheckApart(
        GuestContext context, GpuMappedBuffer buffer, NvmeNamespace source, ulong lba, int blocks,
        int metadataAt)
    {
        int dataBytes = blocks * DataBytes;
        int metadataBytes = blocks * MetadataBytes;
        ulong seed = SeedOf(context, source.NamespaceId);
        long metadataOffset = ((long)source.LengthLbas * DataBytes) + ((long)lba * MetadataBytes);
        // SAFETY: both ranges are within the buffer, and nothing is in flight.
        unsafe
        {
            Check.PatternInDevice(buffer.Address, dataBytes, (long)lba * DataBytes, seed);
            Check.PatternInDevice(buffer.Address + metadataAt, metadataBytes, metadataOffset, seed);
        }
        Check.That(
            DeviceWords.IsFilled(buffer, dataBytes, metadataAt - dataBytes)
                && DeviceWords.IsFilled(
                    buffer, metadataAt + metadataBytes, WindowBytes - metadataAt - metadataBytes),
            "the read wrote beside its two places.");
    }

    private static async Task IngestAsync(GuestContext context)
    {
        const int SlotBytes = 32 << 10; // 63 blocks: see QemuBlocks
        using NvmeNamespace source = NvmeNamespace.Open(NvmeDrive.Await("A", 3).CharPath);
        foreach (IPeerMemoryProvider? memory in (IPeerMemoryProvider?[])[null, context.PeerProvider])
        {
            await using NvmeGpuIngestDriver driver = NvmeGpuIngestDriver.Open(new IngestOptions
            {
                ReadPath = NativeReadPath.GpuDirectNvmePassthrough,
                SlotCount = 8,
                SlotSizeBytes = SlotBytes,
                Memory = memory,
            });
            const ulong First = 5;
            const ulong Count = 20_001; // ends within a slot
            long bytes = 0;
            await foreach (IngestedSlot slot in driver.ReadAllAsync(
                IngestSource.NvmeRange(source, First, Count)))
            {
                Check.Equal(bytes, slot.OffsetBytes, "where a slot begins");
                Check.Equal(0L, slot.OffsetBytes % source.LbaBytes, "bytes of a block in the slot before");
                CheckBlocks(context, slot.Bytes, source, (long)First + (slot.OffsetBytes / source.LbaBytes));
                bytes += slot.ByteCount;
            }
            Check.Equal((long)Count * source.LbaBytes, bytes, "bytes of the range");
        }
    }

    /// <summary>QEMU keeps all data first, and the metadata of all blocks behind it.</summary>
    private static void CheckBlocks(
        GuestContext context, ReadOnlySpan<byte> bytes, NvmeNamespace source, long firstLba)
    {
        ulong seed = SeedOf(context, source.NamespaceId);
        long metadataStart = (long)source.LengthLbas * DataBytes;
        for (int i = 0; i < bytes.Length / source.LbaBytes; i++)
        {
            ReadOnlySpan<byte> block = bytes.Slice(i * source.LbaBytes, source.LbaBytes);
            Check.Pattern(block[..DataBytes], (firstLba + i) * DataBytes, seed);
            Check.Pattern(block[DataBytes..], metadataStart + ((firstLba + i) * MetadataBytes), seed);
        }
    }

    private static ulong SeedOf(GuestContext context, uint id) =>
        context.Settings.SeedOf(id == 1 ? "A" : $"A.{id}");
}
