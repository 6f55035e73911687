using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// Every distribution under every setting of <see cref="s_strictest"/>: all settings are on in one project,
/// which is published as a native program, has a friend that compiles the same sources, and is run.
/// </summary>
/// <remarks>The rules' side of the matrix is <see cref="MisuseTests"/>; it has each of these settings the
/// other way.</remarks>
[Collection(Consumer.OneByOne)]
public sealed class MatrixTests(PackedPackage package)
{
    // Setting, value, and what is seen when our sources do not bear it.
    private static readonly (string Setting, string Value, string OrElse)[] s_strictest =
    [
        ("LangVersion", "14.0", "CS8652: a source uses what is not in C# 14"),
        ("Nullable", "disable", "CS8632: a source without #nullable enable"),
        ("ImplicitUsings", "disable", "CS0246: a source that needs the SDK's usings"),
        ("TreatWarningsAsErrors", "true", "any warning of the compiler in a source"),
        ("AnalysisLevel", "latest-all", "CAxxxx in a source"),
        ("EnforceCodeStyleInBuild", "true", "IDExxxx in a source"),
        ("GenerateDocumentationFile", "true", "CS1574: a cref that is not there"),
        ("CheckForOverflowUnderflow", "true", "OverflowException when the program runs"),
        ("PublishAot", "true", "IL2xxx or IL3xxx in a source; a program that does not run"),
    ];

    private static readonly string s_rid =
        "linux-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    // The kernel's copy, the ring's words, and numbers that wrap: 3,000,001 bytes are two slots and a short
    // read.
    private const string Program = """
        using System;
        using System.Threading.Tasks;
        using NvmeGpu;

        namespace App;

        internal static class Program
        {
            private static async Task Main(string[] arguments)
            {
                long bytes = 0;
                var driver = NvmeGpuIngestDriver.Open(new IngestOptions { DirectIo = false });
                await using (driver.ConfigureAwait(false))
                {
                    var source = IngestSource.File(arguments[0]);
                    await foreach (IngestedSlot slot in driver.ReadAllAsync(source).ConfigureAwait(false))
                    {
                        bytes += slot.Bytes.Length;
                    }
                }
                Console.WriteLine($"{bytes} bytes, {Below.Nops()} operations below");
            }
        }
        """;

    // Internals of one assembly that speak about types which the other one has as well.
    private const string Below = """
        using System;
        using NvmeGpu;

        namespace App;

        internal static class Below
        {
            public static ulong Nops()
            {
                using var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 });
                ulong count = 0;
                for (int i = 0; i < 100; i++)
                {
                    ReadToken token = ring.Nop();
                    _ = ring.Submit();
                    _ = ring.Wait(1, TimeSpan.FromSeconds(5));
                    count += Reaped(ring, token) ? 1UL : 0UL;
                }
                return count;
            }

            internal static bool Reaped(IoUring ring, ReadToken token) =>
                ring.TryReap(out Completion completion) && completion.Token == token && completion.IsSuccess;
        }
        """;

    [Theory]
    [InlineData(Distribution.Source)]
    [InlineData(Distribution.Project)]
    [InlineData(Distribution.Package)]
    [InlineData(Distribution.Submodule)]
    public async Task The_strictest_project_and_its_friend_are_published_natively_without_a_warning_and_run(
        Distribution distribution)
    {
        Requirement.That(
            File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"),
            "NativeAOT links with gcc or clang, and neither is here");
        using var consumer = new Consumer();
        await WriteFriendsAsync(consumer, distribution);
        File.WriteAllBytes(Path.Combine(consumer.Folder, "data"), new byte[3_000_001]);

        await RestoreNativeCompilerAsync();
        ChildResult published = await consumer.DotnetAsync(
            "publish", "app.csproj", "-r", s_rid, "-o", "out", "-nologo", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-tl:off");
        Assert.True(published.ExitCode == 0, published.All);
        Assert.DoesNotContain("warning", published.All);

        ChildResult run = await ChildProcess.RunAsync(
            Path.Combine(consumer.Folder, "out", "app"), [Path.Combine(consumer.Folder, "data")]);
        Assert.Equal("3000001 bytes, 100 operations below\n", run.All);
        Assert.Empty(Directory.GetFiles(Path.Combine(consumer.Folder, "out"), "*.dll")); // all native

        string release = Path.Combine("obj", "Release", "net10.0");
        ExpectOurTypes(distribution, Path.Combine(consumer.Folder, release, s_rid, "app.dll"));
        ExpectOurTypes(distribution, Path.Combine(consumer.Folder, "below", release, "below.dll"));
    }

    // The library's types: none in project mode; otherwise all of them internal, and hidden from friends,
    // which is what keeps CS0436 away.
    private static void ExpectOurTypes(Distribution distribution, string assembly)
    {
        TypeInAssembly[] ours = [.. TypeInAssembly.AllOf(assembly)
            .Where(type => type.Namespace.Split('.')[0] == "NvmeGpu")];
        if (distribution == Distribution.Project)
        {
            Assert.Empty(ours);
            return;
        }
        Assert.Contains(ours, type => type.FullName == "NvmeGpu.IoUring");
        Assert.Contains(ours, type => type.FullName == "NvmeGpu.Bindings.io_uring_sqe");
        Assert.Contains(ours, type => type.FullName == "NvmeGpu.Contracts.KernelRetainsAttribute");
        Assert.Empty(ours.Where(type => type.IsPublic).Select(type => type.FullName));
        Assert.Empty(ours.Where(type => !type.IsHiddenFromFriends).Select(type => type.FullName));
    }

    private async Task WriteFriendsAsync(Consumer consumer, Distribution distribution)
    {
        string settings =
            string.Concat(s_strictest.Select(row => $"<{row.Setting}>{row.Value}</{row.Setting}>"));
        string linker = File.Exists("/usr/bin/clang") ? "clang" : "gcc";
        await Distributions.WriteAsync(
            consumer, distribution, package,
            $"<OutputType>Exe</OutputType><CppCompilerAndLinker>{linker}</CppCompilerAndLinker>{settings}",
            """<Compile Remove="below/**" /><ProjectReference Include="below/below.csproj" />""");
        await Distributions.WriteAsync(
            consumer, distribution, package, settings, """<InternalsVisibleTo Include="app" />""",
            "below/below.csproj");
        consumer.Write("Program.cs", Program);
        consumer.Write("below/Below.cs", Below);
    }

    // By the ordinary client, into the user's folder, where the package's consumer finds it.
    private static async Task RestoreNativeCompilerAsync()
    {
        using var consumer = new Consumer();
        consumer.Write("app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><PublishAot>true</PublishAot></PropertyGroup>
            </Project>
            """);
        ChildResult restored =
            await consumer.DotnetAsync("restore", "-r", s_rid, "-nodeReuse:false", "-tl:off");
        Requirement.That(
            restored.ExitCode == 0, "the native compiler's package cannot be restored: " + restored.All);
    }
}
