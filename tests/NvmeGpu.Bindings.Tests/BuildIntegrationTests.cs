using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// The header compiler in the build of the bindings (bindings/Regenerate.targets), in a copy of the folders
/// that it needs, so that nothing of the working tree is touched.
/// </summary>
public sealed class BuildIntegrationTests(BuildIntegrationTests.Checkout checkout)
    : IClassFixture<BuildIntegrationTests.Checkout>
{
    [Fact]
    public void A_first_build_makes_the_inline_functions_and_leaves_the_committed_bindings_as_they_are()
    {
        Assert.True(checkout.First.ExitCode == 0, checkout.First.All);
        Assert.Contains("0 Warning(s)", checkout.First.Output);
        Assert.Contains("io_uring_prep_splice", checkout.FirstMethods); // other tests build it again
        Assert.Equal(Texts(Repository.PathOf("bindings")), Texts(checkout.PathOf("bindings")));
    }

    [Fact]
    public async Task A_build_in_which_nothing_has_changed_runs_nothing_and_changes_no_file()
    {
        await checkout.BuildAsync();
        IReadOnlyDictionary<string, DateTime> before = checkout.Times();

        ChildResult build = await checkout.BuildAsync("-v:detailed");

        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("Skipping target \"_TranslateInlineFunctions\"", build.Output);
        Assert.Contains("Skipping target \"_RegenerateBindings\"", build.Output);
        Assert.DoesNotContain("nvmegpu-headers.dll\" \"@", build.Output);
        Assert.Equal([], checkout.Times().Except(before).Select(file => file.Key));
    }

    [Theory]
    [InlineData("artifacts/native-headers/liburing-dev/usr/include/liburing.h")]
    [InlineData("artifacts/native-headers/linux-libc-dev/usr/include/linux/types.h")]
    [InlineData("native-headers/liburing.prelude.h")]
    [InlineData("native-headers/liburing.overlay")]
    [InlineData("native-headers/common.rsp")]
    public async Task A_file_that_the_headers_are_compiled_from_makes_it_run_again(string file)
    {
        await checkout.RegenerateAsync();
        File.SetLastWriteTimeUtc(checkout.PathOf(file), DateTime.UtcNow);

        ChildResult build = await checkout.RegenerateAsync();

        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("liburing.rsp\" --output", build.Output);
        Assert.Contains("all.rsp\"", build.Output);
        // The same text as before: no file of it is written.
        Assert.Equal(Texts(Repository.PathOf("bindings")), Texts(checkout.PathOf("bindings")));
    }

    [Fact]
    public async Task An_edited_overlay_is_in_the_bindings_and_a_deleted_output_comes_back()
    {
        string overlay = checkout.PathOf("native-headers", "liburing.overlay");
        string text = File.ReadAllText(overlay);
        string inline = checkout.PathOf(Checkout.Inline);
        string made = File.ReadAllText(inline);
        try
        {
            File.WriteAllText(overlay, text + "\nattribute io_uring_queue_exit() = MayBlock\n");
            File.Delete(inline);
            ChildResult build = await checkout.BuildAsync();

            Assert.True(build.ExitCode == 0, build.All);
            Assert.Equal(made, File.ReadAllText(inline));
            string functions = File.ReadAllText(checkout.PathOf("bindings", "Liburing", "Functions.g.cs"));
            int field = functions.IndexOf(" io_uring_queue_exit =", StringComparison.Ordinal);
            Assert.Contains("[MayBlock]", functions[(field - 200)..field]);
        }
        finally
        {
            File.WriteAllText(overlay, text);
            await checkout.RegenerateAsync();
        }
        Assert.Equal(Texts(Repository.PathOf("bindings")), Texts(checkout.PathOf("bindings")));
    }

    [Fact]
    public async Task A_design_time_build_runs_no_program_and_changes_no_file()
    {
        File.SetLastWriteTimeUtc(checkout.PathOf("native-headers", "liburing.overlay"), DateTime.UtcNow);
        IReadOnlyDictionary<string, DateTime> before = checkout.Times();

        ChildResult build = await checkout.RunAsync(
            "msbuild", "-t:Compile", "-v:detailed", "-p:DesignTimeBuild=true",
            "-p:SkipCompilerExecution=true",
            "-p:ProvideCommandLineArgs=true", "-p:BuildProjectReferences=false");

        Assert.True(build.ExitCode == 0, build.All);
        Assert.DoesNotContain("Task \"Exec\"", build.Output);
        Assert.DoesNotContain("nvmegpu-headers.dll\" \"@", build.Output);
        Assert.Equal([], checkout.Times().Except(before).Select(file => file.Key));
        // It sees what the last real build made.
        Assert.Contains("InlineFunctions.g.cs", build.Output);
    }

    [Theory]
    [InlineData("native-headers/liburing.overlay", "attribute what is this\n")]
    [InlineData("native-headers/liburing.umbrella.h", "struct broken { int\n")]
    public async Task A_mistake_fails_the_build_with_one_sentence_and_leaves_good_output_alone(
        string file, string mistake)
    {
        string path = checkout.PathOf(file);
        string text = File.ReadAllText(path);
        SortedDictionary<string, string> committed = Texts(checkout.PathOf("bindings"));
        string inline = File.ReadAllText(checkout.PathOf(Checkout.Inline));
        try
        {
            File.WriteAllText(path, text + mistake);
            ChildResult build = await checkout.RegenerateAsync();

            Assert.NotEqual(0, build.ExitCode);
            string[] said =
            [
                .. build.Output.Split('\n')
                    .Where(line => line.Contains(Path.GetFileName(file), StringComparison.Ordinal))
                    .Select(line => line.Trim()).Distinct(),
            ];
            Assert.True(said.Length == 1, build.All);
            Assert.Equal(committed, Texts(checkout.PathOf("bindings")));
            Assert.Equal(inline, File.ReadAllText(checkout.PathOf(Checkout.Inline)));
        }
        finally
        {
            File.WriteAllText(path, text);
        }
        ChildResult again = await checkout.RegenerateAsync();
        Assert.True(again.ExitCode == 0, again.All);
    }

    [Theory]
    [InlineData("-p:_LibClangPlaces=/nowhere/libclang*.so*")]
    [InlineData("-p:NvmeGpuRegenerate=false")]
    [InlineData(null)] // no headers
    public async Task Where_it_cannot_be_made_the_build_works_without_it(string? lacking)
    {
        string headers = checkout.PathOf("artifacts", "native-headers");
        string inline = checkout.PathOf(Path.GetDirectoryName(Checkout.Inline)!);
        Directory.Delete(inline, recursive: true);
        if (lacking is null)
        {
            Directory.Move(headers, headers + ".away");
        }
        try
        {
            ChildResult build = await checkout.BuildAsync(lacking is null ? [] : [lacking]);

            Assert.True(build.ExitCode == 0, build.All);
            Assert.Contains("0 Warning(s)", build.Output);
            Assert.False(Directory.Exists(inline));
            Assert.DoesNotContain("io_uring_prep_splice", checkout.MethodsOfTheAssembly());
            Assert.Contains("io_uring_queue_init", checkout.MethodsOfTheAssembly());
        }
        finally
        {
            if (lacking is null)
            {
                Directory.Move(headers + ".away", headers);
            }
            await checkout.RegenerateAsync();
        }
    }

    private static SortedDictionary<string, string> Texts(string folder) => new(
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(folder, "index.txt", SearchOption.AllDirectories))
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText),
        StringComparer.Ordinal);

    /// <summary>A copy of what the build of the bindings needs, built once.</summary>
    public sealed class Checkout : IAsyncLifetime
    {
        public const string Inline = "artifacts/obj/NvmeGpu.Bindings/inline/Liburing/InlineFunctions.g.cs";

        // Outside of the repository, so that none of its settings reach it but those that are copied.
        private readonly string _root =
            Path.Combine(Path.GetTempPath(), "nvmegpu-build-" + Guid.NewGuid().ToString("N"));

        // As in the consumers' tests: `dotnet test` sets these for the build that it runs itself.
        private readonly Dictionary<string, string?> _environment = new()
        {
            ["MSBuildSDKsPath"] = null,
            ["MSBuildExtensionsPath"] = null,
            ["MSBUILD_EXE_PATH"] = null,
            ["MSBuildLoadMicrosoftTargetsReadOnly"] = null,
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["DOTNET_NOLOGO"] = "1",
        };

        public ChildResult First { get; private set; } = null!;

        /// <summary>What that build made.</summary>
        public HashSet<string> FirstMethods { get; private set; } = null!;

        public string PathOf(params string[] parts) => Path.Combine([_root, .. parts]);

        public async ValueTask InitializeAsync()
        {
            Headers.Require();
            await Headers.RequireLibClangAsync();
            foreach (string folder in new[]
                { "bindings", "generator/NvmeGpu.HeaderCompiler", "native-headers",
                    "artifacts/native-headers" })
            {
                Copy(Repository.PathOf(folder), PathOf(folder));
            }
            foreach (string file in Directory.GetFiles(Repository.Root, "Directory.*")
                .Append(Repository.PathOf("global.json")).Append(Repository.PathOf(".editorconfig")))
            {
                File.Copy(file, PathOf(Path.GetFileName(file)));
            }
            First = await BuildAsync("-restore");
            FirstMethods = First.ExitCode == 0 ? MethodsOfTheAssembly() : [];
        }

        public Task<ChildResult> BuildAsync(params string[] arguments) =>
            RunAsync(["msbuild", "-t:Build", "-v:normal", .. arguments]);

        /// <summary>The two targets alone.</summary>
        public Task<ChildResult> RegenerateAsync() =>
            RunAsync("msbuild", "-t:_TranslateInlineFunctions;_RegenerateBindings");

        /// <summary>No server, no node and no terminal logger outlives or hides anything.</summary>
        public Task<ChildResult> RunAsync(params string[] arguments) => ChildProcess.RunAsync(
            "dotnet",
            [arguments[0], PathOf("bindings", "NvmeGpu.Bindings.csproj"), "-nologo", "-tl:off",
                "-nodeReuse:false",
                "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-v:normal", .. arguments[1..]],
            _root,
            _environment);

        /// <summary>
        /// Of every file that a build may write, and of those that it reads, but for what the SDK keeps for
        /// itself.
        /// </summary>
        public IReadOnlyDictionary<string, DateTime> Times() => new SortedDictionary<string, DateTime>(
            Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".cs" or ".dll" or ".stamp" or ".h" or ".rsp"
                    || Path.GetFileName(file) == "index.txt")
                .ToDictionary(file => Path.GetRelativePath(_root, file), File.GetLastWriteTimeUtc),
            StringComparer.Ordinal);

        /// <summary>Read from the file, which is never loaded: it is written again.</summary>
        public HashSet<string> MethodsOfTheAssembly()
        {
            using var assembly = new PEReader(File.OpenRead(
                PathOf("artifacts", "bin", "NvmeGpu.Bindings", "debug", "NvmeGpu.Bindings.dll")));
            MetadataReader reader = assembly.GetMetadataReader();
            return [.. reader.MethodDefinitions.Select(method =>
                reader.GetString(reader.GetMethodDefinition(method).Name))];
        }

        public ValueTask DisposeAsync()
        {
            if (Directory.Exists(_root))
            {
                Directory.Delete(_root, recursive: true);
            }
            return ValueTask.CompletedTask;
        }

        private static void Copy(string from, string to)
        {
            foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }
}
