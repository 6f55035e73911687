using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>
/// <c>build/nvmegpu</c>, in a made-up checkout with a made-up dotnet that writes down what it is asked: when
/// it builds, what it says, what it passes on.
/// </summary>
public sealed class ScriptTests : IDisposable
{
    private const string FakeDotnet =
        """
        #!/bin/bash
        here=$(dirname -- "$0")
        case $1 in
        --list-sdks) cat "$here/sdks" ;;
        build)
            echo build >> "$here/calls"
            echo "made-up error CS0000"
            [[ ! -e $here/fail ]] || exit 1
            sleep "$(cat "$here/seconds")"
            mkdir -p artifacts/bin/NvmeGpu.Tool/release
            echo built > artifacts/bin/NvmeGpu.Tool/release/nvmegpu.dll
            ;;
        *)
            [[ $(cat "$1") == built ]] || exit 99
            shift
            printf '%s|' "$PWD" "$@"
            exit 42
            ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();

    public ScriptTests()
    {
        foreach (string name in new[] { "root/build", "root/tool", "root/runtime", "dotnet", "elsewhere" })
        {
            Directory.CreateDirectory(_folder.PathOf(name));
        }
        File.Copy(Repository.PathOf("build", "nvmegpu"), _folder.PathOf("root/build/nvmegpu"));
        File.WriteAllText(_folder.PathOf("root/tool/Program.cs"), "");
        File.WriteAllText(_folder.PathOf("dotnet/dotnet"), FakeDotnet);
        File.WriteAllText(_folder.PathOf("dotnet/sdks"), "8.0.100 [/x]\n10.0.100 [/x]\n");
        File.WriteAllText(_folder.PathOf("dotnet/seconds"), "0");
        ChildProcess.RunAsync("chmod", ["+x", _folder.PathOf("dotnet/dotnet")]).GetAwaiter().GetResult();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_builds_once_and_again_only_when_a_source_changed_or_went()
    {
        await RunAsync();
        await RunAsync();
        Assert.Equal(1, BuildCount());
        await Task.Delay(20);
        File.WriteAllText(_folder.PathOf("root/runtime/New.cs"), "");
        await RunAsync();
        await RunAsync();
        Assert.Equal(2, BuildCount());
        await Task.Delay(20);
        File.Delete(_folder.PathOf("root/runtime/New.cs"));
        await RunAsync();
        Assert.Equal(3, BuildCount());
    }

    [Fact]
    public async Task Arguments_working_directory_and_exit_code_are_the_commands_own_also_through_a_link()
    {
        File.CreateSymbolicLink(_folder.PathOf("elsewhere/link"), _folder.PathOf("root/build/nvmegpu"));
        ChildResult result = await RunAsync("./link", "ingest", "a b", "*", "--", "");
        Assert.Equal(42, result.ExitCode);
        Assert.Equal($"{_folder.PathOf("elsewhere")}|ingest|a b|*|--||", result.Output.TrimEnd('\n'));
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Callers_that_come_at_once_build_once_and_all_run()
    {
        File.WriteAllText(_folder.PathOf("dotnet/seconds"), "1");
        ChildResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync()));
        Assert.All(results, result => Assert.Equal(42, result.ExitCode));
        Assert.Equal(1, BuildCount());
    }

    [Fact]
    public async Task A_build_that_fails_is_shown_and_tried_again()
    {
        File.WriteAllText(_folder.PathOf("dotnet/fail"), "");
        ChildResult result = await RunAsync();
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("made-up error CS0000", result.Error);
        Assert.Contains("nvmegpu: the build failed", result.Error);

        File.Delete(_folder.PathOf("dotnet/fail"));
        Assert.Equal(42, (await RunAsync()).ExitCode);
    }

    [Theory]
    [InlineData("8.0.100 [/x]\n9.0.300 [/x]\n", "has 8.0.100 9.0.300")]
    [InlineData("", "has no SDK")]
    public async Task A_dotnet_without_the_right_SDK_is_one_sentence(string sdks, string sentence)
    {
        File.WriteAllText(_folder.PathOf("dotnet/sdks"), sdks);
        ChildResult result = await RunAsync();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(sentence, Assert.Single(Sha256sum.Lines(result.Error)));
        Assert.Contains("needs the .NET 10 SDK", result.Error);
        Assert.Equal(0, BuildCount());
    }

    [Fact]
    public async Task A_missing_dotnet_is_one_sentence()
    {
        File.Delete(_folder.PathOf("dotnet/dotnet"));
        // A PATH with the few programs that the script needs, and no dotnet.
        string programs = _folder.PathOf("programs");
        Directory.CreateDirectory(programs);
        foreach (string name in new[] { "bash", "env", "readlink", "dirname", "find", "cut", "sort", "touch",
            "mkdir", "flock" })
        {
            ChildResult at = await ChildProcess.RunAsync("bash", ["-c", "command -v \"$1\"", "bash", name]);
            File.CreateSymbolicLink(Path.Join(programs, name), at.Output.Trim());
        }
        ChildResult result = await RunWithPathAsync(_folder.PathOf("root/build/nvmegpu"), programs);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("dotnet is not here; nvmegpu needs the .NET 10 SDK",
            Assert.Single(Sha256sum.Lines(result.Error)));
    }

    private int BuildCount() =>
        File.Exists(_folder.PathOf("dotnet/calls"))
            ? File.ReadAllLines(_folder.PathOf("dotnet/calls")).Length : 0;

    private Task<ChildResult> RunAsync() => RunAsync(_folder.PathOf("root/build/nvmegpu"));

    private Task<ChildResult> RunAsync(string script, params string[] arguments) =>
        RunWithPathAsync(
            script, $"{_folder.PathOf("dotnet")}:{Environment.GetEnvironmentVariable("PATH")}", arguments);

    private Task<ChildResult> RunWithPathAsync(string script, string path, params string[] arguments) =>
        ChildProcess.RunAsync(
        "bash", ["-c", "cd \"$1\" && shift && exec \"$@\"", "bash", _folder.PathOf("elsewhere"), script,
            .. arguments],
        environment: new Dictionary<string, string?>
        {
            ["PATH"] = path,
            ["DOTNET_ROOT"] = null,
            ["HOME"] = _folder.FullPath,
        });
}
