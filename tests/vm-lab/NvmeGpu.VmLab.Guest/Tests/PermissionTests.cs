using System;
using System.IO;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>Who may send commands: users without rights by the device's mode, and root anything.</summary>
internal static class PermissionTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static void A_user_without_permission_is_told_how_to_give_it(GuestContext context)
    {
        string path = context.Data.CharPath;
        SetMode(path, OwnerOnly);
        string answer = Read(context);
        Expect(answer, "failed with EACCES (permission denied)");
        Expect(answer, $"Let this user read {path}, for example by a udev rule");
    }

    public static void A_user_who_may_read_the_device_reads_by_commands(GuestContext context)
    {
        SetMode(context.Data.CharPath, Everybody);
        Check.Equal("every byte is right", Read(context), "the user's answer");
    }

    public static void Linux_6_1_lets_only_root_send_commands(GuestContext context)
    {
        string path = context.Data.CharPath;
        SetMode(path, Everybody);
        string answer = Read(context);
        Expect(answer, "failed with EACCES (permission denied)");
        Expect(answer, "this kernel lets only root ask the drive (before Linux 6.2)");
        Check.Equal(
            $"result {-Libc.EACCES}", UserProcess.Run("by-hand", path, "2"), "a read that was made by hand");
    }

    public static void A_write_by_a_user_who_opened_for_reading_is_EACCES(GuestContext context)
    {
        string path = context.Data.CharPath;
        SetMode(path, Everybody);
        Check.Equal("result 0", UserProcess.Run("by-hand", path, "2"), "a read that was made by hand");
        Check.Equal(
            $"result {-Libc.EACCES}", UserProcess.Run("by-hand", path, $"{RawRing.NvmeWrite}"),
            "a write that was made by hand");
    }

    /// <summary>
    /// What the kernel does for root, whatever the device was opened for: nothing but this library's own look
    /// at the opcode protects the drive.
    /// </summary>
    public static void No_write_leaves_the_ring_although_the_kernel_would_do_it_for_root(GuestContext context)
    {
        int block = context.Data.BlockBytes;
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(block);
        using var reader = new CommandReader(context.Data, buffer);
        long last = (long)reader.Source.LengthLbas - 1;
        DeviceWords.Fill(buffer);
        // SAFETY: the buffer has a block, and stays until the completion.
        unsafe
        {
            NvmeCommand.Read(
                out nvme_uring_cmd command, 1, (void*)buffer.Address, (uint)block, (ulong)last, 1,
                (uint)block);
            command.opcode = RawRing.NvmeWrite;
            nvme_uring_cmd write = command;
            Check.Refused<ArgumentException>(() => reader.BeginByHand(write), "only reads");
        }
        Check.Equal(0, reader.Ring.InFlightCount, "commands that were begun all the same");
        CheckLast(context, reader, "after what was refused");

        DeviceWords.Fill(buffer);
        Check.Equal(0, WriteByHand(context, buffer, last), "a write that was made by hand");
        Check.That(reader.Read(last * block, block).IsSuccess, "the block cannot be read.");
        Check.That(DeviceWords.IsFilled(buffer, 0, block), "the kernel did not do it.");

        Restore(context, buffer, last);
        CheckLast(context, reader, "after it was written back");
    }

    /// <summary>The guest's other tests compare that block too.</summary>
    private static void Restore(GuestContext context, GpuMappedBuffer buffer, long lba)
    {
        // SAFETY: the buffer has a block, and nothing is in flight.
        unsafe
        {
            DiskPattern.Fill(
                new Span<byte>((void*)buffer.Address, context.Data.BlockBytes),
                lba * context.Data.BlockBytes, context.Seed);
        }
        Check.Equal(0, WriteByHand(context, buffer, lba), "writing it back");
    }

    private static int WriteByHand(GuestContext context, GpuMappedBuffer buffer, long lba)
    {
        using var file = DeviceFile.Open(context.Data.CharPath, Libc.O_RDONLY);
        using var ring = new RawRing(RawRing.ForPassthrough);
        // SAFETY: the buffer has a block, and outlives the ring.
        unsafe
        {
            return ring.Passthrough(
                (int)file.DangerousGetHandle(), 1, lba, 1, buffer.Address, context.Data.BlockBytes,
                RawRing.NvmeWrite);
        }
    }

    private static void CheckLast(GuestContext context, CommandReader reader, string when)
    {
        int block = context.Data.BlockBytes;
        long offset = context.Data.LengthBytes - block;
        Check.That(reader.Read(offset, block).IsSuccess, $"the last block cannot be read {when}.");
        // SAFETY: the buffer has a block, and nothing is in flight.
        unsafe
        {
            Check.PatternInDevice(reader.Buffer.Address, block, offset, context.Seed);
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) // there is no such thing, says the analyzer
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static string Read(GuestContext context) =>
        UserProcess.Run("read", context.Data.CharPath, $"{context.Seed:x}");

    private static void Expect(string answer, string words) => Check.That(
        answer.Contains(words, StringComparison.Ordinal),
        $"the user's answer does not say '{words}': {answer}");
}
