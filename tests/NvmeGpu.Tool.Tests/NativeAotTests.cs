using System;
using System.IO;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Tool.Tests;

/// <summary>The tool as one native program: nothing in it, or in the library, needs a JIT or
/// reflection.</summary>
public class NativeAotTests
{
    [Fact]
    public async Task Published_with_NativeAOT_without_a_warning_it_gives_the_same_hash()
    {
        ToolProcess.RequireRing();
        Requirement.That(
            File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"),
            "NativeAOT links with gcc or clang, and neither is here");
        string output = Repository.PathOf("artifacts", "aot");
        ChildResult published = await ChildProcess.RunAsync(
            ToolProcess.Dotnet,
            [
                "publish", "tool", "-c", "Release", "-r", "linux-x64", "-p:PublishAot=true", "-o",
                Path.Join(output, "publish"),
                // Its own folders: a restore for a runtime in the shared ones would undo that of the plain
                // build.
                $"-p:ArtifactsPath={output}", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false",
            ],
            timeoutSeconds: 900);
        Requirement.That(
            !published.All.Contains("error NU", StringComparison.Ordinal),
            "the native compiler's package cannot be restored");
        Assert.True(published.ExitCode == 0, published.All);
        Assert.DoesNotContain("warning IL", published.All);

        using var folder = new TemporaryFolder();
        string path = Sha256sum.Write(folder.PathOf("data"), 5_000_011);
        string program = Path.Join(output, "publish", "nvmegpu");
        ChildResult result =
            ToolProcess.NoTrace(await ChildProcess.RunAsync(program, ["ingest", "-q", path]));
        Assert.Equal(await Sha256sum.LinesAsync(path), Sha256sum.Lines(result.Output));

        ChildResult json =
            ToolProcess.NoTrace(await ChildProcess.RunAsync(program, ["ingest", "--json", path]));
        using var document = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal("complete", document.RootElement.GetProperty("result").GetProperty("status")
            .GetString());
        ChildResult probe = ToolProcess.NoTrace(await ChildProcess.RunAsync(program, ["probe", "--json"]));
        Assert.Equal(0, probe.ExitCode);
    }
}
