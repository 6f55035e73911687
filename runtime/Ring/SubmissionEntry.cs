#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;
using static NvmeGpu.Bindings.NewerKernel;

namespace NvmeGpu;

/// <summary>
/// Assembles submission entries: every field is written, nothing of a previous use stays. For those who fill
/// a ring themselves; <see cref="IoUring"/> does all of this from owned types. Mirrors liburing's
/// <c>io_uring_prep_*</c>.
/// </summary>
static partial class SubmissionEntry
{
    /// <summary><c>IORING_OP_NOP</c>: completes with 0 (io_uring_prep_nop(3)).</summary>
    public static void Nop(out io_uring_sqe entry, ulong userData)
    {
        entry = default;
        // SAFETY: the fields lie over each other, and these are the ones of this operation.
        unsafe
        {
            entry.opcode = (byte)io_uring_op.IORING_OP_NOP;
            entry.fd = -1;
            entry.user_data = userData;
        }
    }

    /// <summary>
    /// A NOP that completes without a completion entry: fills the last place of a mixed queue, so that the
    /// 128-byte entry behind it is in one piece.
    /// </summary>
    internal static void Filler(out io_uring_sqe entry)
    {
        Nop(out entry, UserData.Filler);
        // SAFETY: a number into its own place.
        unsafe
        {
            entry.flags = (byte)IOSQE_CQE_SKIP_SUCCESS;
        }
    }

    /// <summary>
    /// <c>IORING_OP_READ_FIXED</c> from a registered file into registered memory
    /// (io_uring_prep_read_fixed(3)).
    /// </summary>
    /// <param name="entry">Assembled whole.</param>
    /// <param name="fileIndex">Index in the ring's table of registered files.</param>
    /// <param name="address">Inside the registered buffer <paramref name="bufferIndex"/>.</param>
    /// <param name="lengthBytes">Bytes, so that the range ends inside the registered buffer.</param>
    /// <param name="offsetBytes">Where in the file.</param>
    /// <param name="bufferIndex">Index in the ring's table of registered buffers.</param>
    /// <param name="userData">Comes back with the completion.</param>
    /// <safety>
    /// The memory stays registered and mapped until the completion entry of this operation was seen.
    /// </safety>
    public static unsafe void ReadFixed(
        out io_uring_sqe entry,
        int fileIndex,
        [KernelRetains(Until.Completion)]
        [Registered(Index = nameof(bufferIndex), Length = nameof(lengthBytes))] void* address,
        uint lengthBytes,
        ulong offsetBytes,
        ushort bufferIndex,
        ulong userData)
    {
        entry = default;
        // SAFETY: the fields lie over each other, and these are the ones of this operation.
        unsafe
        {
            entry.opcode = (byte)io_uring_op.IORING_OP_READ_FIXED;
            entry.flags = (byte)IOSQE_FIXED_FILE;
            entry.fd = fileIndex;
            entry.off = offsetBytes;
            entry.addr = (ulong)address;
            entry.len = lengthBytes;
            entry.user_data = userData;
            entry.buf_index = bufferIndex;
        }
    }

    /// <summary>
    /// <c>IORING_OP_READ</c> from a plain descriptor into any memory (io_uring_prep_read(3)).
    /// </summary>
    /// <safety>
    /// The memory stays mapped and unmoved until the completion entry of this operation was seen.
    /// </safety>
    public static unsafe void Read(
        out io_uring_sqe entry,
        int fd,
        [KernelRetains(Until.Completion)] void* address,
        uint lengthBytes,
        ulong offsetBytes,
        ulong userData)
    {
        entry = default;
        // SAFETY: the fields lie over each other, and these are the ones of this operation.
        unsafe
        {
            entry.opcode = (byte)io_uring_op.IORING_OP_READ;
            entry.fd = fd;
            entry.off = offsetBytes;
            entry.addr = (ulong)address;
            entry.len = lengthBytes;
            entry.user_data = userData;
        }
    }

    /// <summary>
    /// <c>IORING_OP_READ</c> from a registered file into any memory (io_uring_prep_read(3)).
    /// </summary>
    /// <safety>
    /// The memory stays mapped and unmoved until the completion entry of this operation was seen.
    /// </safety>
    public static unsafe void ReadOfRegisteredFile(
        out io_uring_sqe entry,
        int fileIndex,
        [KernelRetains(Until.Completion)] void* address,
        uint lengthBytes,
        ulong offsetBytes,
        ulong userData)
    {
        // SAFETY: the caller's memory; a number into its own place.
        unsafe
        {
            Read(out entry, fileIndex, address, lengthBytes, offsetBytes, userData);
            entry.flags = (byte)IOSQE_FIXED_FILE;
        }
    }

    /// <summary>
    /// <c>IORING_OP_URING_CMD</c> with an NVMe command in a 128-byte entry, to a registered file; in a mixed
    /// ring <c>IORING_OP_URING_CMD128</c>. liburing has no function for it: its test/io_uring_passthrough.c
    /// does the same.
    /// </summary>
    /// <param name="entry">Assembled whole, all 128 bytes.</param>
    /// <param name="fileIndex">Index in the ring's table of registered files, of a character device
    /// /dev/ngXnY.</param>
    /// <param name="commandOperation">For example <c>NVME_URING_CMD_IO</c>.</param>
    /// <param name="command">The command; its address is what the drive writes to.</param>
    /// <param name="bufferIndex">
    /// Index in the ring's table of registered buffers of the one that contains the command's data
    /// (<c>IORING_URING_CMD_FIXED</c>); null for memory that is not registered.
    /// </param>
    /// <param name="isMixed">The ring has entries of both sizes.</param>
    /// <param name="userData">Comes back with the completion.</param>
    /// <safety>
    /// The memory that the command names stays mapped, and registered where it is said to be, until the
    /// completion entry of this operation was seen.
    /// </safety>
    [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Command(
        out SubmissionEntry128 entry,
        int fileIndex,
        uint commandOperation,
        in nvme_uring_cmd command,
        ushort? bufferIndex,
        bool isMixed,
        ulong userData)
    {
        // SAFETY: as below.
        unsafe
        {
            Unsafe.SkipInit(out entry); // written whole: the command, then all around it
            entry.Command = command;
            AroundCommand(ref entry, fileIndex, commandOperation, bufferIndex, isMixed, userData);
        }
    }

    /// <summary>All of an entry but the command, which is written in its place already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AroundCommand(
        ref SubmissionEntry128 entry,
        int fileIndex,
        uint commandOperation,
        ushort? bufferIndex,
        bool isMixed,
        ulong userData)
    {
        // SAFETY: the fields lie over each other; these are the ones of this operation, and fill the bytes
        // that are not the command's.
        unsafe
        {
            entry.Head.opcode = isMixed ? IORING_OP_URING_CMD128 : (byte)io_uring_op.IORING_OP_URING_CMD;
            entry.Head.flags = (byte)IOSQE_FIXED_FILE;
            entry.Head.ioprio = 0;
            entry.Head.fd = fileIndex;
            entry.Head.off = commandOperation; // cmd_op, and the 0 beside it
            entry.Head.addr = 0;
            entry.Head.len = 0;
            entry.Head.uring_cmd_flags = bufferIndex is null ? 0 : IORING_URING_CMD_FIXED;
            entry.Head.user_data = userData;
            entry.Head.buf_index = bufferIndex ?? 0;
            entry.Head.personality = 0;
            entry.Head.file_index = 0;
            entry.Tail = 0;
        }
    }

    /// <summary>
    /// <c>IORING_OP_ASYNC_CANCEL</c> of the operation with that user data (io_uring_prep_cancel64(3)). It
    /// only asks: the target's memory is ours when the target's own completion entry was seen.
    /// </summary>
    public static void Cancel(out io_uring_sqe entry, ulong targetUserData, ulong userData)
    {
        entry = default;
        // SAFETY: the fields lie over each other, and these are the ones of this operation.
        unsafe
        {
            entry.opcode = (byte)io_uring_op.IORING_OP_ASYNC_CANCEL;
            entry.fd = -1;
            entry.addr = targetUserData;
            entry.user_data = userData;
        }
    }

    /// <summary><c>IORING_OP_ASYNC_CANCEL</c> of everything on the ring (since Linux 5.19).</summary>
    public static void CancelAll(out io_uring_sqe entry, ulong userData)
    {
        entry = default;
        // SAFETY: the fields lie over each other, and these are the ones of this operation.
        unsafe
        {
            entry.opcode = (byte)io_uring_op.IORING_OP_ASYNC_CANCEL;
            entry.fd = -1;
            entry.cancel_flags = IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY;
            entry.user_data = userData;
        }
    }
}
