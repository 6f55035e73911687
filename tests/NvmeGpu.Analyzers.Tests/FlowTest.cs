using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// Runs the flow rules over a method. What they must say is marked, <c>{|NVG0003:the place|}</c>, and
/// <c>{|NVG0003.may:the place|}</c> where it is said one step lower; anything else that is said fails the
/// test.
/// </summary>
internal static partial class FlowTest
{
    private const string Bindings = """
        using System;
        using NvmeGpu.Contracts;

        namespace NvmeGpu.Bindings
        {
            public struct io_uring { public int fd; }
            public unsafe struct io_uring_sqe
            {
                [KernelRetains(Until.Completion)] public ulong addr;
                [KernelRetains(Until.Completion, Opaque = true)] public ulong user_data;
            }
            public struct io_uring_cqe { public int res; public ulong user_data; }
            public unsafe struct iovec { [KernelRetains(Until.Completion)] public void* iov_base; public nuint iov_len; }

            public static unsafe class Liburing
            {
                public const uint IORING_SETUP_SQPOLL = 2;
                public static io_uring_sqe* io_uring_get_sqe(io_uring* ring) => null;
                public static void io_uring_prep_read(io_uring_sqe* sqe, int fd,
                    [KernelRetains(Until.Completion, Length = "nbytes")] void* buf, uint nbytes, ulong offset) { }
                public static void io_uring_prep_write(io_uring_sqe* sqe, int fd,
                    [KernelRetains(Until.Completion, Length = "nbytes")] void* buf, uint nbytes, ulong offset) { }
                public static void io_uring_prep_readv(io_uring_sqe* sqe, int fd,
                    [KernelRetains(Until.Submit)] iovec* iovecs, uint count, ulong offset) { }
                public static int io_uring_submit(io_uring* ring) => 0;
                [Completes] public static int io_uring_wait_cqe(io_uring* ring, io_uring_cqe** cqe) => 0;
                public static void copy_async([KernelRetains(Until.Event)] void* host) { }
                public static void free_probe([Releases] void* probe) { }
            }
        }

        namespace NvmeGpu
        {
            public sealed unsafe class GpuMappedBuffer : IDisposable
            {
                public static GpuMappedBuffer Allocate() => new();
                [Stable] public nint Address => 0;
                public void Dispose() { }
            }
        }
        """;

    /// <summary>Statements of a method with a ring, a file and an entry.</summary>
    public static Task Statements(string statements) => Members($$"""
        void Run(io_uring* ring, io_uring_sqe* sqe, int fd, bool flag, int n, byte[] array, Memory<byte> memory)
        {
            io_uring_cqe* cqe;
            {{statements}}
        }
        """);

    /// <summary>The exact texts, in the order of the program.</summary>
    public static async Task Messages(string members, params string[] messages)
    {
        CSharpCompilation program = RuleTest.Compile(
            "Program", [InClass("unsafe class", members), Bindings], withContracts: true);
        ImmutableArray<Diagnostic> said = await program.WithAnalyzers([new MemoryLifetime()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            messages,
            said.OrderBy(one => one.Location.SourceSpan.Start)
                .Select(one => $"{one.Id}: {one.GetMessage()}"));
    }

    /// <summary>Members, where the paths of exceptions count.</summary>
    public static Task WithExceptionPaths(string members) =>
        Program(InClass("unsafe class", members), new ExceptionPaths());

    /// <summary>Members of an unsafe class.</summary>
    public static Task Members(string members) => In("unsafe class", members);

    /// <summary>Members of a class that is not, so that its methods can await.</summary>
    public static Task SafeMembers(string members) => In("class", members);

    private static Task In(string kind, string members) => Program(InClass(kind, members));

    private static string InClass(string kind, string members) => $$"""
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using NvmeGpu;
        using NvmeGpu.Bindings;
        using NvmeGpu.Contracts;
        using static NvmeGpu.Bindings.Liburing;

        {{kind}} Program
        {
            static void Unknown() { }
            static bool Ask() => true;
            static unsafe void Keep(void* address) { }
            {{members}}
        }
        """;

    public static async Task Program(string marked, AnalyzerConfigOptionsProvider? options = null)
    {
        var expected = new List<string>();
        string text = "";
        int at = 0;
        foreach (Match mark in Mark().Matches(marked))
        {
            text += marked[at..mark.Index];
            expected.Add($"{mark.Groups["id"].Value} at {text.Length}: {mark.Groups["span"].Value}");
            text += mark.Groups["span"].Value;
            at = mark.Index + mark.Length;
        }
        text += marked[at..];
        CSharpCompilation program = RuleTest.Compile("Program", [text, Bindings], withContracts: true);
        Assert.Empty(program.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(said => said.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> said = await program
            .WithAnalyzers(
                [new MemoryLifetime()],
                options is null ? new AnalyzerOptions([]) : new AnalyzerOptions([], options))
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            expected,
            said.OrderBy(one => one.Location.SourceSpan.Start).Select(one =>
                $"{one.Id}{(IsMilder(one) ? ".may" : "")} at {one.Location.SourceSpan.Start}: "
                + text[one.Location.SourceSpan.Start..one.Location.SourceSpan.End]));
    }

    private static bool IsMilder(Diagnostic said) => said.Severity < new MemoryLifetime().SupportedDiagnostics
        .First(rule => rule.Id == said.Id).DefaultSeverity;

    private sealed class ExceptionPaths : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Options : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key == "nvmegpu.exception_paths" ? "true" : null;
                return value is not null;
            }
        }
    }

    [GeneratedRegex(@"\{\|(?<id>NVG\d{4}(\.may)?):(?<span>.*?)\|\}")]
    private static partial Regex Mark();
}
