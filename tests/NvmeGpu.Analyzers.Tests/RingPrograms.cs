using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// Small programs against stand-ins that have the names and the contracts of the bindings and of the owned
/// API: what the rules about results and entries look at.
/// </summary>
internal static class RingPrograms
{
    public const string Bindings = """

        unsafe struct io_uring { public uint flags; }

        unsafe struct io_uring_cqe
        {
            public ulong user_data;
            public int res;
            public uint flags;
        }

        unsafe struct io_uring_sqe
        {
            public byte opcode;
            public byte flags;
            public ushort ioprio;
            public int fd;
            public ulong off;
            [KernelRetains(Until.Completion)] public ulong addr;
            public uint len;
            public uint rw_flags;
            [KernelRetains(Until.Completion, Opaque = true)] public ulong user_data;
            public ushort buf_index;
            public ushort personality;
            public int splice_fd_in;
            public ulong addr3;
            public ulong __pad2;
            public uint cmd_op;
            public byte* cmd;
        }

        unsafe struct nvme_uring_cmd
        {
            public byte opcode;
            public uint nsid;
            [KernelRetains(Until.Completion)] public ulong addr;
            public uint data_len;
            public uint cdw10;
        }

        [OperationToken]
        readonly record struct ReadToken(int Index);

        readonly struct Region
        {
            public int LengthBytes => 0;
        }

        readonly struct Completion
        {
            public ReadToken Token => default;
            public int AskedBytes => 0;
            [MustObserve] public bool IsSuccess => true;
            public bool IsShort => false;
            [MustObserve] public int ByteCount => 0;
            public int Errno => 0;
        }

        sealed class IoUring : IDisposable
        {
            public int InFlightCount => 0;
            [return: MustObserve]
            public ReadToken Read([KernelRetains(Until.Completion)] in Region into, int file, long offset) => default;
            [return: MustObserve] public ReadToken Nop() => default;
            [return: MustObserve] public int Submit() => 0;
            [Completes] public bool TryReap(out Completion completion) { completion = default; return true; }
            [Completes] public int Wait(int count, TimeSpan timeout) => 0;
            public bool Cancel(ReadToken token) => true;
            [Completes] public void Dispose() { }
        }

        sealed class UringStream
        {
            [return: MustObserve]
            public ValueTask<int> ReadAsync([KernelRetains(Until.Completion)] Region into, int file, long offset) => default;
        }

        static unsafe class Liburing
        {
            public const uint IORING_OP_NOP = 0, IORING_OP_READ = 22, IORING_OP_URING_CMD = 46;
            public const uint IOSQE_CQE_SKIP_SUCCESS = 64;
            [RequiresRing(RingShape.Sqe128 | RingShape.Cqe32)] public const uint NVME_URING_CMD_IO = 0xC0484E80;

            public static io_uring_sqe* io_uring_get_sqe(io_uring* ring) => null;
            public static int io_uring_submit(io_uring* ring) => 0;
            [Completes] public static int io_uring_submit_and_wait(io_uring* ring, uint count) => 0;
            [Completes] [return: MustObserve]
            public static int io_uring_wait_cqe(io_uring* ring, io_uring_cqe** cqe) => 0;
            [Completes] [return: MustObserve]
            public static int io_uring_peek_cqe(io_uring* ring, io_uring_cqe** cqe) => 0;
            [Completes]
            public static uint io_uring_peek_batch_cqe(io_uring* ring, io_uring_cqe** cqes, uint count) => 0;
            public static void io_uring_cqe_seen(io_uring* ring, io_uring_cqe* cqe) { }
            public static ulong io_uring_cqe_get_data64(io_uring_cqe* cqe) => 0;
            [return: MustObserve] public static int io_uring_queue_init(uint entries, io_uring* ring, uint flags) => 0;

            public static void io_uring_prep_nop(io_uring_sqe* sqe) { }
            public static void io_uring_prep_fsync(io_uring_sqe* sqe, int fd, uint flags) { }
            public static void io_uring_prep_read(io_uring_sqe* sqe, int fd,
                [KernelRetains(Until.Completion, Length = "nbytes", Offset = "offset")] void* buf, uint nbytes, ulong offset) { }
            public static void io_uring_prep_write(io_uring_sqe* sqe, int fd,
                [KernelRetains(Until.Completion, Length = "nbytes", Offset = "offset")] void* buf, uint nbytes, ulong offset) { }
            public static void io_uring_prep_rw(uint op, io_uring_sqe* sqe, int fd, void* addr, uint len, ulong offset) { }
            public static void io_uring_sqe_set_data64(io_uring_sqe* sqe, ulong data) { }
            public static void io_uring_sqe_set_flags(io_uring_sqe* sqe, uint flags) { }
        }

        static unsafe class User
        {
            public static void Handle(ulong data, int result) { }
            public static void Handle(Completion completion) { }
            public static void Handle(io_uring_cqe* cqe) { }
            public static void Fill(io_uring_sqe* sqe) { }
            public static void ThrowIfFailed(int status) { }
            public static void Take(ref io_uring_sqe* sqe) { }
            public static io_uring* Other() => null;
        }
        """;

    /// <summary>The statements run in an unsafe method that has a ring of either kind.</summary>
    public static Task Statements<TRule>(string statements)
        where TRule : DiagnosticAnalyzer, new() => RuleTest.Program<TRule>(InMethod(statements));

    /// <summary>The same in an async method with the owned API alone.</summary>
    public static Task Async<TRule>(string statements)
        where TRule : DiagnosticAnalyzer, new() => RuleTest.Program<TRule>(InAsyncMethod(statements));

    /// <summary>Whole members of a class.</summary>
    public static Task Members<TRule>(string members)
        where TRule : DiagnosticAnalyzer, new() => RuleTest.Program<TRule>(InClass(members));

    /// <summary>What is said, as "severity: text at the place", in the order of the program.</summary>
    public static async Task Said<TRule>(string statements, params string[] expected)
        where TRule : DiagnosticAnalyzer, new()
    {
        string program = InMethod(statements);
        ImmutableArray<Diagnostic> said =
            await RuleTest.Compile("Program", [program], withContracts: true)
            .WithAnalyzers([new TRule()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            expected,
            said.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .Select(diagnostic => $"{diagnostic.Severity}: "
                    + diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)));
    }

    /// <summary>Applies the fix; equal texts say that none may be offered.</summary>
    public static Task Fix<TRule, TFix>(string before, string after, bool isAsync)
        where TRule : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new() => RuleTest.FixProgram<TRule, TFix>(
            isAsync ? InAsyncMethod(before) : InMethod(before),
            isAsync ? InAsyncMethod(after) : InMethod(after));

    private static string InMethod(string statements) => InClass($$"""
            unsafe int Run(io_uring* ring, IoUring owned, UringStream stream, Region region, int fd, byte* buffer, int n, bool flag)
            {
        {{statements}}
                return 0;
            }
        """);

    private static string InAsyncMethod(string statements) => InClass($$"""
            async Task<int> Run(UringStream stream, IoUring owned, Region region, int n, bool flag)
            {
                await Task.Yield();
        {{statements}}
                return 0;
            }
        """);

    private static string InClass(string members) => $$"""
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.Linq;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using NvmeGpu.Contracts;
        using Sample;
        using static Sample.Liburing;

        namespace Sample
        {
        {{Bindings}}

        class Program
        {
        {{members}}
        }
        }
        """;
}
