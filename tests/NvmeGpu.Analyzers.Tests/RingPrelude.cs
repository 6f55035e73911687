using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// What rules about rings look at: the owned ring, the C functions and the memory that is given to them.
/// </summary>
internal static class RingPrelude
{
    private const string Types = """
        namespace NvmeGpu
        {
            public readonly struct ReadToken { }
            public readonly struct Completion { public int ByteCount => 0; }

            public readonly record struct IoUringOptions
            {
                public IoUringOptions() { }
                public int DepthMax { get; init; } = 128;
                public bool UseSubmissionPolling { get; init; }
                public bool BindOnFirstUse { get; init; }
                public bool UseBigEntries { get; init; }
                public bool AllowMixedEntries { get; init; } = true;
                public bool OptionOfALaterVersion { get; init; }
            }

            public sealed class IoUring : IDisposable
            {
                public static IoUring Create(in IoUringOptions options) => new();
                public int InFlightCount => 0;
                public int DepthMax => 0;
                public ReadToken Nop() => default;
                public object Register(object memory) => memory;
                public int Submit() => 0;
                [Completes] public int Wait(int count, TimeSpan timeout) => 0;
                public bool TryReap(out Completion completion) { completion = default; return false; }
                [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)] public ReadToken Passthrough() => default;
                [RequiresRing(RingShape.IoPoll)] public ReadToken Polled() => default;
                [Completes] public void Dispose() { }
            }

            public sealed class UringStream : IDisposable
            {
                public static UringStream Open(in IoUringOptions options) => new();
                public ValueTask<int> ReadAsync(int region) => default;
                [Completes] public void Dispose() { }
            }
        }

        namespace Sample
        {
            public struct io_uring { public uint flags; public int ring_fd; }
            public struct io_uring_params { public uint sq_entries; public uint flags; public uint sq_thread_idle; }
            public struct io_uring_cqe { public int res; }
            public unsafe struct io_uring_sqe
            {
                public byte opcode;
                public uint cmd_op;
                [KernelRetains(Until.Completion)] public ulong addr;
            }
            public unsafe struct iovec
            {
                [KernelRetains(Until.Completion)] public void* iov_base;
                public nuint iov_len;
            }

            public static unsafe class C
            {
                public const uint IORING_SETUP_IOPOLL = 1, IORING_SETUP_SQPOLL = 2, IORING_SETUP_R_DISABLED = 64,
                    IORING_SETUP_SQE128 = 1024, IORING_SETUP_CQE32 = 2048, IORING_SETUP_SINGLE_ISSUER = 4096,
                    IORING_SETUP_CQE_MIXED = 1 << 18, IORING_SETUP_SQE_MIXED = 1 << 19;

                [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)] public const uint NVME_URING_CMD_IO = 0xC0484E80;
                [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)] public const uint NVME_URING_CMD_ADMIN = 0xC0484E82;
                public const uint SOCKET_URING_OP_SIOCINQ = 0;

                public static int O_DIRECT => 0x4000;
                public const int O_RDONLY = 0, O_RDWR = 2, F_SETFL = 4;
                [MayBlock] public static int open(byte* path, int flags, uint mode = 0) => 0;
                public static int openat(int folder, byte* path, int flags, uint mode = 0) => 0;
                public static int fcntl(int fd, int command, int argument) => 0;
                [MayBlock] public static nint write(int fd, void* buffer, nuint count) => 0;
                [MayBlock] public static int fsync(int fd) => 0;
                public static int munmap([Releases] void* address, nuint length) => 0;
                public static int munlock(void* address, nuint length) => 0;

                public static int io_uring_queue_init(uint entries, io_uring* ring, uint flags) => 0;
                public static int io_uring_queue_init_params(uint entries, io_uring* ring, io_uring_params* p) => 0;
                [MayBlock] public static void io_uring_queue_exit([Releases] io_uring* ring) { }
                public static int io_uring_enable_rings(io_uring* ring) => 0;
                public static io_uring_sqe* io_uring_get_sqe(io_uring* ring) => null;
                public static void io_uring_prep_uring_cmd(io_uring_sqe* sqe, uint cmd_op, int fd) { }
                public static void io_uring_prep_nop(io_uring_sqe* sqe) { }
                public static void io_uring_prep_read(
                    io_uring_sqe* sqe,
                    int fd,
                    [KernelRetains(Until.Completion, Length = "nbytes", Offset = "offset")] void* buf,
                    uint nbytes,
                    ulong offset) { }
                public static void io_uring_prep_readv(
                    io_uring_sqe* sqe, int fd, [KernelRetains(Until.Submit)] iovec* iovecs, uint count, ulong offset) { }
                public static int io_uring_register_buffers(io_uring* ring, iovec* iovecs, uint count) => 0;
                [Releases] public static int io_uring_unregister_buffers(io_uring* ring) => 0;
                public static int io_uring_submit(io_uring* ring) => 0;
                [Completes] public static int io_uring_wait_cqe(io_uring* ring, io_uring_cqe** cqe) => 0;
                public static void io_uring_cqe_seen(io_uring* ring, io_uring_cqe* cqe) { }
            }

            public sealed unsafe class Owner : SafeHandle
            {
                public Owner() : base(0, true) { }
                public Owner(object keeper) : base(0, true) { }
                public override bool IsInvalid => false;
                protected override bool ReleaseHandle() => true;
                public static Owner Allocate(long lengthBytes) => new();
                [Stable] public byte* Address => null;
                public long LengthBytes => 0;
                [Aligned(4096)] public int SlotBytes { get; set; }
            }

            public sealed unsafe class Finalized
            {
                ~Finalized() { }
                [Stable] public nint Address => 0;
                [return: Stable] public void* GetPointer() => null;
            }

            public sealed unsafe class NotFinalized
            {
                [Stable] public nint Address => 0;
            }
        }
        """;

    public static Task Members<TRule>(string members)
        where TRule : DiagnosticAnalyzer, new() => RuleTest.Program<TRule>(WithMembers(members));

    /// <summary>In a method with the things that most programs have.</summary>
    public static Task Statements<TRule>(string statements)
        where TRule : DiagnosticAnalyzer, new() => RuleTest.Program<TRule>(WithStatements(statements));

    public static string WithStatements(string statements) => WithMembers(
        "unsafe int Run(io_uring_sqe* given, io_uring* givenRing, int fd, byte* path, byte* memory, int n, "
        + "bool flag)\n{\n"
        + statements + "\nreturn 0;\n}");

    public static string WithMembers(string members) => """
        #nullable enable
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.IO;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;
        using NvmeGpu;
        using NvmeGpu.Contracts;
        using static Sample.C;

        namespace Sample
        {
            public class Program
            {

        """ + members + "\n    }\n}\n" + Types;
}
