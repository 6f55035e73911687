using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// The library's own types in a consumer: the README's program runs, raw and owned misuse does not compile.
/// </summary>
[Collection(Consumer.OneByOne)]
public sealed class OwnedApiTests
{
    // The README speaks to ordinary projects; the strict settings would find fault with its style.
    private const string OrdinaryProject =
        "<AnalysisLevel>latest</AnalysisLevel><EnforceCodeStyleInBuild>false</EnforceCodeStyleInBuild>";

    [Fact]
    public async Task The_program_in_the_readme_builds_runs_and_counts_the_bytes()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(
            before: OrdinaryProject,
            after: "<CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>");
        consumer.Write("Program.cs", ReadmeProgram());
        File.WriteAllBytes(Path.Combine(consumer.Folder, "data"), new byte[3_000_001]);

        ChildResult build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("    0 Warning(s)", build.Output);

        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll", "data");
        Assert.Equal("3000001 bytes over RegisteredMappedRead, 3 reads\n", run.All);
    }

    [Fact]
    public async Task Raw_entries_and_unregistered_buffers_do_not_compile_and_their_correct_forms_do()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(before: OrdinaryProject);
        string[] lines = Misuse.Split('\n');
        consumer.Write("Program.cs", Misuse);

        ChildResult build = await consumer.BuildAsync();

        Assert.Equal(1, build.ExitCode);
        string[] expected =
        [
            .. lines.Select((line, index) => (line, index))
                .Where(l => l.line.Contains("// NVG", StringComparison.Ordinal))
                .Select(l => $"Program.cs({l.index + 1}: "
                + $"{l.line[(l.line.IndexOf("// ", StringComparison.Ordinal) + 3)..]}"),
        ];
        Assert.Equal(5, expected.Length);
        Assert.Equal(expected, consumer.Diagnostics(build).Select(d =>
            $"{d[..d.IndexOf(',', StringComparison.Ordinal)]}: {d[(d.LastIndexOf(' ') + 1)..]}"));
    }

    private const string Misuse = """
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu;
        using NvmeGpu.Bindings;

        internal static class Program
        {
            private static unsafe void Main()
            {
                byte[] movable = new byte[4096];
                byte[] pinned = GC.AllocateArray<byte>(4096, pinned: true);
                void* native = NativeMemory.AlignedAlloc(4096, 4096);
                void* plain = NativeMemory.AlignedAlloc(4096, 4096);
                using var ring = IoUring.Create(new IoUringOptions());
                using GpuMappedBuffer unregistered = GpuMappedBuffer.AllocateHost(4096);
                using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(8192);
                using RegisteredMemory memory = ring.Register(buffer);
                RegisteredRegion one = memory.Region(0, 4096);
                using GpuMappedBuffer otherBuffer = GpuMappedBuffer.AllocateHost(8192);
                using RegisteredMemory otherMemory = ring.Register(otherBuffer);
                RegisteredRegion two = otherMemory.Region(4096, 4096);
                io_uring_sqe entry = default;

                entry.addr = (ulong)Unsafe.AsPointer(ref movable[0]); // NVG0007
                entry.addr = (ulong)Unsafe.AsPointer(ref pinned[0]);
                SubmissionEntry.Read(out entry, 0, Unsafe.AsPointer(ref movable[0]), 4096, 0, 0); // NVG0007
                SubmissionEntry.Read(out entry, 0, plain, 4096, 0, 0);
                SubmissionEntry.ReadFixed(out entry, 0, native, 4096, 0, one.BufferIndex, 0); // NVG0006
                SubmissionEntry.ReadFixed(out entry, 0, (void*)unregistered.Address, 4096, 0, 0, 0); // NVG0006
                SubmissionEntry.ReadFixed(out entry, 0, (void*)one.Address, 4096, 0, two.BufferIndex, 0); // NVG0006
                SubmissionEntry.ReadFixed(out entry, 0, (void*)one.Address, 4096, 0, one.BufferIndex, 0);
                Console.WriteLine(entry.opcode);
            }
        }
        """;

    private static string ReadmeProgram()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md"));
        const string Begin = "```csharp\n";
        int start = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
