using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>A C-style program over liburing's names, published as one native program.</summary>
[Collection(Consumer.OneByOne)]
public sealed class LiburingNativeAotTests
{
    private const string List = """
        io_uring_get_sqe
        io_uring_prep_nop
        io_uring_prep_read_fixed
        io_uring_sqe_set_data64
        io_uring_cqe_get_data64
        io_uring_wait_cqe
        io_uring_cqe_seen
        """;

    // NVG rules are about memory that a C program is trusted with: the buffer is native and freed at the end.
    private const string Program = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using System.Text;
        using NvmeGpu.Bindings;
        using static NvmeGpu.Bindings.Liburing;

        namespace App;

        internal static class Program
        {
            private static unsafe int Main(string[] arguments)
            {
                using FileStream file = File.OpenRead(arguments[0]);
                byte* memory = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                io_uring ring;
                int made = io_uring_queue_init(8, &ring, 0);
                if (made < 0)
                {
                    Console.WriteLine($"no ring: {made}");
                    return 2;
                }
                var piece = new iovec { iov_base = memory, iov_len = 4096 };
                int registered = io_uring_register_buffers(&ring, &piece, 1);

                io_uring_sqe* sqe = io_uring_get_sqe(&ring);
                io_uring_prep_nop(sqe);
                io_uring_sqe_set_data64(sqe, 7);
                Finish(&ring, registered);

                sqe = io_uring_get_sqe(&ring);
                io_uring_prep_read_fixed(sqe, (int)file.SafeFileHandle.DangerousGetHandle(), memory, 4096, 5, 0);
                io_uring_sqe_set_data64(sqe, 8);
                int bytes = Finish(&ring, registered);
                Console.WriteLine(Encoding.ASCII.GetString(memory, Math.Max(bytes, 0)));
                io_uring_queue_exit(&ring);
                NativeMemory.AlignedFree(memory);
                return 0;
            }

            private static unsafe int Finish(io_uring* ring, int registered)
            {
                int submitted = io_uring_submit(ring);
                io_uring_cqe* cqe;
                int waited = io_uring_wait_cqe(ring, &cqe);
                int result = cqe->res;
                Console.WriteLine($"{registered} {submitted} {waited} {io_uring_cqe_get_data64(cqe)} {result}");
                io_uring_cqe_seen(ring, cqe);
                return result;
            }
        }
        """;

    [Fact]
    public async Task A_program_by_C_names_is_published_with_NativeAOT_without_a_warning_and_works()
    {
        Requirement.That(
            Directory.Exists(Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline", "Liburing")),
            "liburing's inline functions were not translated here: native-headers/restore, and build the "
            + "bindings");
        Requirement.That(
            File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"),
            "NativeAOT links with gcc or clang, and neither is here");
        using var consumer = new Consumer();
        string linker = File.Exists("/usr/bin/clang") ? "clang" : "gcc";
        consumer.WriteProject(after: $"""
            <PublishAot>true</PublishAot>
            <CppCompilerAndLinker>{linker}</CppCompilerAndLinker>
            <AnalysisLevel>latest</AnalysisLevel>
            <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
            """);
        consumer.Write("NativeMethods.txt", List);
        consumer.Write("Program.cs", Program);
        consumer.Write("data", "read by C names");

        // TreatWarningsAsErrors is the project's: a trim or AOT warning ends this.
        ChildResult published = await consumer.DotnetAsync(
            "publish", "-c", "Release", "-r", "linux-x64", "-o", "out", "-nologo", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-tl:off");
        Requirement.That(
            !published.All.Contains("error NU", System.StringComparison.Ordinal),
            "the native compiler's package cannot be restored");
        Assert.True(published.ExitCode == 0, published.All);
        Assert.DoesNotContain("warning", published.All);

        ChildResult run = await ChildProcess.RunAsync(
            Path.Combine(consumer.Folder, "out", "app"), [Path.Combine(consumer.Folder, "data")]);
        Requirement.That(!run.Output.StartsWith("no ring", System.StringComparison.Ordinal), run.Output);
        Assert.Equal("0 1 0 7 0\n0 1 0 8 10\nby C names\n", run.All);
        Assert.False(File.Exists(Path.Combine(consumer.Folder, "out", "app.dll"))); // native, not a host
    }
}
