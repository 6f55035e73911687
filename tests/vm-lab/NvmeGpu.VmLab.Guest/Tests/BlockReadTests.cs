using System;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>RegisteredMappedRead against a drive: the block layer, registered memory, READ_FIXED.</summary>
internal static class BlockReadTests
{
    private const int SliceBytes = 1 << 20;

    public static void Buffered_registered_reads_bring_every_byte_of_the_drive(GuestContext context) =>
        ReadAll(context, 0);

    public static void Direct_registered_reads_bring_every_byte_of_the_drive(GuestContext context) =>
        ReadAll(context, Libc.O_DIRECT);

    public static void Direct_reads_of_single_blocks_begin_at_any_block(GuestContext context)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle handle = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | Libc.O_DIRECT);
        using var reader = new RegisteredReader(handle, drive.BlockBytes);
        foreach (long block in (long[])[0, 1, 7, 8, 1023, (drive.LengthBytes / drive.BlockBytes) - 1])
        {
            long offset = block * drive.BlockBytes;
            Check.Equal(drive.BlockBytes, reader.Read(offset), $"a read of block {block}");
            Check.Pattern(reader.Bytes, offset, context.Seed);
        }
        Check.Equal(
            0, reader.Read(drive.LengthBytes), "a read at the drive's end, which has nothing to give");
    }

    private static void ReadAll(GuestContext context, int flags)
    {
        NvmeDrive drive = context.Data;
        using SafeFileHandle handle = DeviceFile.Open(drive.BlockPath, Libc.O_RDONLY | flags);
        using var reader = new RegisteredReader(handle, SliceBytes);
        long read = 0;
        while (read < drive.LengthBytes)
        {
            Check.Equal(SliceBytes, reader.Read(read), $"a read at {read}");
            Check.Pattern(reader.Bytes, read, context.Seed);
            read += SliceBytes;
        }
        Check.Equal(context.Settings.Get("bytes.A"), $"{read}", "bytes of the drive");
    }
}
