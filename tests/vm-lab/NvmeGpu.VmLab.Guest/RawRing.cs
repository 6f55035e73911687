using System;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// A ring by C names, for what the kernel does with entries that the owned types do not (or must not) make.
/// One operation at a time, waited for.
/// </summary>
internal sealed class RawRing : IDisposable
{
    /// <summary>Passthrough needs large entries and large completions.</summary>
    public const uint ForPassthrough = IORING_SETUP_SQE128 | IORING_SETUP_CQE32;

    public const byte NvmeWrite = 0x01;

    private const byte NvmeRead = 0x02;

    private readonly unsafe io_uring* _ring;

    public unsafe RawRing(uint flags)
    {
        // SAFETY: native memory for the structure, zeroed, until Dispose.
        unsafe
        {
            _ring = (io_uring*)NativeMemory.AllocZeroed((nuint)sizeof(io_uring));
            int result = io_uring_queue_init(8, _ring, flags);
            if (result != 0)
            {
                NativeMemory.Free(_ring);
                throw new GuestFailedException($"io_uring_queue_init: {result}.");
            }
        }
    }

    /// <summary>
    /// An NVMe command as it is given (IORING_OP_URING_CMD): 0, a negative errno, or an NVMe status.
    /// </summary>
    /// <safety>The memory at the address has that many bytes, and is mapped until this returns.</safety>
    public unsafe int Passthrough(
        int fd, uint namespaceId, long lba, int blocks, nint address, int lengthBytes,
        byte opcode = NvmeRead)
    {
        // SAFETY: the entry has 128 bytes, of which the command takes 72 from byte 48 on; the memory is the
        // caller's, and the operation has ended when Run returns.
        unsafe
        {
            io_uring_sqe* entry = NextEntry();
            entry->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
            entry->fd = fd;
            entry->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
            var command = (nvme_uring_cmd*)((byte*)entry + CommandOffsetBytes);
            command->opcode = opcode;
            command->nsid = namespaceId;
            command->addr = (ulong)address;
            command->data_len = (uint)lengthBytes;
            command->cdw10 = unchecked((uint)lba);
            command->cdw11 = (uint)(lba >> 32);
            command->cdw12 = (uint)(blocks - 1);
            return Run();
        }
    }

    /// <summary>
    /// The same entry without its command, which has no room in a small one: for rings that are refused
    /// first.
    /// </summary>
    public int PassthroughWithoutCommand(int fd)
    {
        // SAFETY: only the first 64 bytes of the entry are written.
        unsafe
        {
            io_uring_sqe* entry = NextEntry();
            entry->opcode = (byte)io_uring_op.IORING_OP_URING_CMD;
            entry->fd = fd;
            entry->cmd_op = NvmeIoctl.NVME_URING_CMD_IO;
            return Run();
        }
    }

    /// <summary>IORING_OP_READ: bytes, or a negative errno.</summary>
    /// <safety>The memory at the address has that many bytes, and is mapped until this returns.</safety>
    public unsafe int Read(int fd, long offsetBytes, nint address, int lengthBytes)
    {
        // SAFETY: the memory is the caller's, and the operation has ended when Run returns.
        unsafe
        {
            io_uring_sqe* entry = NextEntry();
            entry->opcode = (byte)io_uring_op.IORING_OP_READ;
            entry->fd = fd;
            entry->off = (ulong)offsetBytes;
            entry->addr = (ulong)address;
            entry->len = (uint)lengthBytes;
            return Run();
        }
    }

    /// <summary>IORING_REGISTER_BUFFERS with one piece of memory: 0, or a negative errno.</summary>
    /// <safety>The memory stays mapped until this ring is disposed.</safety>
    public unsafe int RegisterBuffer(nint address, int lengthBytes)
    {
        // SAFETY: the kernel reads the array, on this frame, during the call; the memory is the caller's.
        unsafe
        {
            var piece = new iovec { iov_base = (void*)address, iov_len = (nuint)lengthBytes };
            return io_uring_register_buffers(_ring, &piece, 1);
        }
    }

    public void Dispose()
    {
        // SAFETY: made in the constructor; no operation is in flight between calls.
        unsafe
        {
            io_uring_queue_exit(_ring);
            NativeMemory.Free(_ring);
        }
    }

    // offsetof(struct io_uring_sqe, cmd)
    private const int CommandOffsetBytes = 48;

    private unsafe io_uring_sqe* NextEntry()
    {
        // SAFETY: nothing is in flight, so all entries are free; each is twice as long with SQE128.
        unsafe
        {
            bool isLarge = (_ring->flags & IORING_SETUP_SQE128) != 0;
            uint index = _ring->sq.sqe_tail++ & _ring->sq.ring_mask;
            io_uring_sqe* entry = _ring->sq.sqes + (index << (isLarge ? 1 : 0));
            new Span<byte>(entry, sizeof(io_uring_sqe) << (isLarge ? 1 : 0)).Clear();
            return entry;
        }
    }

    private unsafe int Run()
    {
        // SAFETY: the ring is set up, and one entry was filled.
        unsafe
        {
            int submitted = io_uring_submit_and_wait(_ring, 1);
            Check.Equal(1, submitted, "io_uring_submit_and_wait");
            uint head = *_ring->cq.khead;
            Check.That(
                Volatile.Read(ref *_ring->cq.ktail) - head == 1, // pairs with the kernel's release store
                "there is not exactly one completion.");
            bool isLarge = (_ring->flags & IORING_SETUP_CQE32) != 0;
            int result = (_ring->cq.cqes + ((head & _ring->cq.ring_mask) << (isLarge ? 1 : 0)))->res;
            Volatile.Write(ref *_ring->cq.khead, head + 1); // the kernel may use it again
            return result;
        }
    }
}
