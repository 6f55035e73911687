#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// The functions that liburing.so exports, in C#: C names, C results (a negative errno, never an exception,
// and nothing is allocated on the managed heap), over raw system calls. They work on the same `struct
// io_uring` as the inline functions of liburing.h. A pointer to a ring must not move, so the ring lies in
// native memory, on the stack, or is pinned. One thread at a time per ring, as with liburing. Source: the man
// pages of liburing 2.9, section 3; io_uring_setup(2), io_uring_enter(2), io_uring_register(2).
//
// This file: the three system calls.
static partial class Liburing
{
    // What `io_uring.int_flags` says. The field is private to the library that made the ring and the values
    // are ours: a ring made here is not to be handed to a liburing.so, nor the other way round.

    /// <summary>enter_ring_fd is an index into the thread's registered rings, not a descriptor.</summary>
    private const byte EnterByIndex = 1;

    /// <summary>And io_uring_register(2) takes that index as well (IORING_FEAT_REG_REG_RING).</summary>
    private const byte RegisterByIndex = 2;

    /// <summary>The ring lies in the caller's memory: not ours to unmap.</summary>
    private const byte InCallersMemory = 4;

    /// <summary>Size of the kernel's signal set in bytes; glibc's sigset_t is larger.</summary>
    private const uint KernelSignalSetBytes = 8;

    /// <summary>
    /// Makes a ring and returns its descriptor, or a negative errno. Nothing is mapped. See
    /// io_uring_setup(2).
    /// </summary>
    /// <safety><paramref name="p"/> is writable; with IORING_SETUP_NO_MMAP it names memory that the ring
    /// keeps.</safety>
    public static unsafe int io_uring_setup(uint entries, io_uring_params* p)
    {
        // SAFETY: the arguments are the caller's, who keeps alive what they point to; the kernel checks the
        // rest.
        unsafe
        {
            return Result(Libc.syscall(Libc.SYS_io_uring_setup, (nint)entries, unchecked((nint)p)));
        }
    }

    /// <summary>
    /// Submits, waits, or both; returns how many entries the kernel took, or a negative errno. See
    /// io_uring_enter(2).
    /// </summary>
    /// <safety><paramref name="sig"/> is null or readable during the call; every submitted entry says what
    /// must live on.</safety>
    [MayBlock]
    public static unsafe int io_uring_enter(
        uint fd, uint to_submit, uint min_complete, uint flags, __sigset_t* sig)
    {
        // SAFETY: the arguments are the caller's, who keeps alive what they point to; the kernel checks the
        // rest.
        unsafe
        {
            return io_uring_enter2(fd, to_submit, min_complete, flags, sig, KernelSignalSetBytes);
        }
    }

    /// <summary>
    /// As io_uring_enter, with the size of what the last pointer points at: with IORING_ENTER_EXT_ARG that is
    /// not a signal set. See io_uring_enter2(2).
    /// </summary>
    /// <safety><paramref name="sig"/> is null, has <paramref name="sz"/> readable bytes during the call, or
    /// with IORING_ENTER_EXT_ARG_REG is an offset.</safety>
    [MayBlock]
    public static unsafe int io_uring_enter2(
        uint fd, uint to_submit, uint min_complete, uint flags, __sigset_t* sig, nuint sz)
    {
        // SAFETY: the arguments are the caller's, who keeps alive what they point to; the kernel checks the
        // rest.
        unsafe
        {
            return Result(Libc.syscall(
                Libc.SYS_io_uring_enter, (nint)fd, (nint)to_submit, (nint)min_complete, (nint)flags,
                unchecked((nint)sig), unchecked((nint)sz)));
        }
    }

    /// <summary>
    /// Registers or unregisters something with a ring; the result depends on the opcode, negative is an
    /// errno. See io_uring_register(2).
    /// </summary>
    /// <safety><paramref name="arg"/> is what the opcode documents, and what it names lives as long as
    /// that.</safety>
    [MayBlock]
    public static unsafe int io_uring_register(uint fd, uint opcode, void* arg, uint nr_args)
    {
        // SAFETY: the arguments are the caller's, who keeps alive what they point to; the kernel checks the
        // rest.
        unsafe
        {
            return Result(Libc.syscall(
                Libc.SYS_io_uring_register, (nint)fd, (nint)opcode, unchecked((nint)arg), (nint)nr_args));
        }
    }

    /// <summary>The C library's -1 with errno as a negative errno. Directly after the call.</summary>
    private static int Result(nint result) => result >= 0 ? unchecked((int)result) : -Libc.errno;

    /// <summary>io_uring_enter2 by the ring's descriptor, or by its index where it is registered.</summary>
    private static unsafe int Enter(
        io_uring* ring, uint toSubmit, uint minComplete, uint flags, void* argument, nuint argumentBytes)
    {
        // SAFETY: the arguments are the caller's, who keeps alive what they point to; the kernel checks the
        // rest.
        unsafe
        {
            if ((ring->int_flags & EnterByIndex) != 0)
            {
                flags |= IORING_ENTER_REGISTERED_RING;
            }
            return io_uring_enter2(
                unchecked((uint)ring->enter_ring_fd), toSubmit, minComplete, flags, (__sigset_t*)argument,
                argumentBytes);
        }
    }

    /// <summary>
    /// io_uring_register by the ring's descriptor, or by its index where the kernel takes it.
    /// </summary>
    private static unsafe int Register(
        io_uring* ring, io_uring_register_op opcode, void* argument, uint count)
    {
        // SAFETY: the arguments are the caller's, who keeps alive what they point to; the kernel checks the
        // rest.
        unsafe
        {
            bool isByIndex = (ring->int_flags & RegisterByIndex) != 0;
            return io_uring_register(
                unchecked((uint)(isByIndex ? ring->enter_ring_fd : ring->ring_fd)),
                (uint)(isByIndex ? opcode
                    | io_uring_register_op.IORING_REGISTER_USE_REGISTERED_RING : opcode),
                argument, count);
        }
    }
}
