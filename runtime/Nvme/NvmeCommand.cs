#nullable enable
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// Assembles NVMe commands for <c>IORING_OP_URING_CMD</c> (<c>struct nvme_uring_cmd</c>, 72 bytes, all of
/// them written). For those who fill a ring themselves; <see cref="IoUring"/> does all of this from owned
/// types.
/// <para>
/// Only reads: as root the kernel executes a write even through a descriptor that was opened for reading, so
/// nothing but the opcode protects the drive.
/// </para>
/// <para>
/// Source: linux/nvme_ioctl.h; NVM Command Set Specification 1.0, section 3.2.4 (Read command).
/// </para>
/// </summary>
static partial class NvmeCommand
{
    /// <summary>The opcode of Read, the only one that this library sends to a namespace.</summary>
    public const byte ReadOpcode = 0x02;

    /// <summary>
    /// Less than 4 bytes and the kernel copies through RAM without a word; a drive's pointers have no bits
    /// for it.
    /// </summary>
    public const int AlignmentBytesMin = 4;

    /// <summary>A Read command.</summary>
    /// <param name="command">Written whole.</param>
    /// <param name="namespaceId">1 and more; the one that the device stands for, else EINVAL.</param>
    /// <param name="address">Where to, a multiple of 4; not 0, which the kernel takes for "no buffer" and the
    /// drive for an address.</param>
    /// <param name="lengthBytes">
    /// Exactly <paramref name="blocks"/> times <paramref name="lbaBytes"/>. Kernels before 7.0 let the drive
    /// write beyond a shorter buffer.
    /// </param>
    /// <param name="lba">The first block, counted from the start of the namespace.</param>
    /// <param name="blocks">1 to 65,536.</param>
    /// <param name="lbaBytes">Bytes that the drive transfers per block, with metadata behind the data if the
    /// namespace is formatted so.</param>
    /// <param name="metadata">Where separate metadata goes; null for none.</param>
    /// <param name="metadataBytes">Its length.</param>
    /// <param name="timeoutMilliseconds">After this long the driver gives the command up; 0 for the driver's
    /// own time-out (30 s unless nvme_core.io_timeout says otherwise).</param>
    /// <exception cref="ArgumentException">The length is not that of the blocks, or an address is 0 or not
    /// aligned.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Namespace, blocks or LBA are outside their
    /// range.</exception>
    /// <safety>
    /// Both ranges stay mapped until the completion entry of the operation was seen.
    /// </safety>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Read(
        out nvme_uring_cmd command,
        uint namespaceId,
        [KernelRetains(Until.Completion)] void* address,
        uint lengthBytes,
        ulong lba,
        uint blocks,
        uint lbaBytes,
        [KernelRetains(Until.Completion)] void* metadata = null,
        uint metadataBytes = 0,
        uint timeoutMilliseconds = 0)
    {
        if (namespaceId is 0 or uint.MaxValue // all namespaces
            || blocks is 0 or > NvmeNamespace.BlocksMax || lba > ulong.MaxValue - blocks)
        {
            ThrowOutOfRange(namespaceId, lba, blocks);
        }
        if (address == null || lengthBytes == 0 || lengthBytes != (ulong)blocks * lbaBytes
            || ((nuint)address & (AlignmentBytesMin - 1)) != 0)
        {
            ThrowBadBuffer((nuint)address, lengthBytes, blocks, lbaBytes);
        }
        if (metadata == null != (metadataBytes == 0)
            || ((nuint)metadata & (AlignmentBytesMin - 1)) != 0)
        {
            ThrowBadMetadata((nuint)metadata);
        }
        // SAFETY: the caller's memory, checked above.
        unsafe
        {
            Assemble(
                out command, namespaceId, address, lengthBytes, lba, blocks, metadata, metadataBytes,
                timeoutMilliseconds);
        }
    }

    /// <summary>The same of numbers that were checked.</summary>
    /// <safety>
    /// As of <see cref="Read"/>; nothing here looks whether the ranges are as long as the blocks.
    /// </safety>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Assemble(
        out nvme_uring_cmd command,
        uint namespaceId,
        [KernelRetains(Until.Completion)] void* address,
        uint lengthBytes,
        ulong lba,
        uint blocks,
        [KernelRetains(Until.Completion)] void* metadata,
        uint metadataBytes,
        uint timeoutMilliseconds)
    {
        Debug.Assert(namespaceId is not 0 and not uint.MaxValue && address != null && blocks != 0);
        command = default;
        // SAFETY: numbers into their own places of the structure.
        unsafe
        {
            command.opcode = ReadOpcode;
            command.nsid = namespaceId;
            command.metadata = (ulong)metadata;
            command.addr = (ulong)address;
            command.metadata_len = metadataBytes;
            command.data_len = lengthBytes;
            command.cdw10 = unchecked((uint)lba);
            command.cdw11 = (uint)(lba >> 32);
            command.cdw12 = blocks - 1;
            command.timeout_ms = timeoutMilliseconds;
        }
    }

    /// <summary>The last look before a command is handed over: nothing but a read.</summary>
    /// <exception cref="ArgumentException">Another opcode, or one of the flags that change what a command
    /// means (fused commands, SGLs).</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ThrowUnlessRead(in nvme_uring_cmd command)
    {
        byte opcode;
        byte flags;
        // SAFETY: numbers from their own places of the structure.
        unsafe
        {
            opcode = command.opcode;
            flags = command.flags;
        }
        if (opcode != ReadOpcode || flags != 0)
        {
            ThrowNoRead(command, opcode, flags);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowBadMetadata(nuint metadata) => throw new ArgumentException(
        $"Metadata at 0x{metadata:x}: it has an address and a length, or neither, and its address is a "
        + "multiple of 4.", nameof(metadata));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNoRead(in nvme_uring_cmd command, byte opcode, byte flags) =>
        throw new ArgumentException(
            $"Opcode 0x{opcode:x2} with flags 0x{flags:x2} is not sent: this library only reads (0x02).",
            nameof(command));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfRange(uint namespaceId, ulong lba, uint blocks)
    {
        if (namespaceId is 0 or uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(namespaceId), namespaceId,
                "Namespaces count from 1; 0xffffffff stands for all of them.");
        }
        if (blocks is 0 or > NvmeNamespace.BlocksMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(blocks), blocks, $"A command reads 1 to {NvmeNamespace.BlocksMax} blocks.");
        }
        throw new ArgumentOutOfRangeException(
            nameof(lba), lba, $"{blocks} blocks from there run past the last LBA that there can be.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowBadBuffer(nuint address, uint lengthBytes, uint blocks, uint lbaBytes)
    {
        if (address == 0)
        {
            throw new ArgumentException(
                "The address is 0: the drive would write to physical address 0 and report success.",
                nameof(address));
        }
        if ((address & (AlignmentBytesMin - 1)) != 0)
        {
            throw new ArgumentException(
                $"The address 0x{address:x} is not a multiple of {AlignmentBytesMin}: the kernel would copy "
                + "through RAM without saying so.", nameof(address));
        }
        throw new ArgumentException(
            $"{blocks} blocks of {lbaBytes} bytes are {(ulong)blocks * lbaBytes} bytes, and the buffer has "
            + $"{lengthBytes}: older kernels let the drive write beyond a shorter one.", nameof(lengthBytes));
    }
}
