using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// <c>NvmeGpuMode=project</c>: the library is referenced, with public types; the rules are the same.
/// </summary>
[Collection(Consumer.OneByOne)]
public sealed class ProjectModeTests
{
    [Fact]
    public async Task The_types_are_public_and_the_rules_run()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(
            before: "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>",
            after: "<NvmeGpuMode>project</NvmeGpuMode>");
        consumer.Write("Program.cs", "#nullable enable\n" + Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);
        consumer.Write("Misuse.cs", Programs.Misuse);
        consumer.Write(".editorconfig", """
            root = true
            [*.cs]
            dotnet_diagnostic.NVG0007.severity = warning
            dotnet_diagnostic.NVG0006.severity = warning
            """);

        ChildResult build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.All);
        Assert.Equal(
            ["Misuse.cs(13,22): warning NVG0007", "Misuse.cs(14,27): warning NVG0006"],
            consumer.Diagnostics(build));

        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll");
        Assert.Equal("Completion, public: True\n", run.Output);
    }
}
