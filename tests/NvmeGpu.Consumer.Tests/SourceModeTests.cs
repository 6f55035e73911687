using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>The default: the library is compiled into the consumer.</summary>
[Collection(Consumer.OneByOne)]
public sealed class SourceModeTests
{
    [Fact]
    public async Task Misuse_does_not_compile()
    {
        using var consumer = new Consumer();
        consumer.WriteProject();
        consumer.Write("Program.cs", Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);
        consumer.Write("Misuse.cs", Programs.Misuse);

        ChildResult build = await consumer.BuildAsync();

        Assert.Equal(1, build.ExitCode);
        Assert.Equal(
            ["Misuse.cs(13,22): error NVG0007", "Misuse.cs(14,27): error NVG0006"],
            consumer.Diagnostics(build));
    }

    [Fact]
    public async Task A_correct_program_builds_without_a_warning_and_runs()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(before: "<Nullable>disable</Nullable><ImplicitUsings>disable</ImplicitUsings>");
        consumer.Write("Program.cs", "#nullable enable\n" + Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);

        ChildResult build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("    0 Warning(s)", build.Output);

        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll");
        Assert.Equal("Completion, public: False\n", run.Output);
    }

    [Fact]
    public async Task A_severity_can_be_lowered_in_editorconfig()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>");
        consumer.Write("Program.cs", "#nullable enable\n" + Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);
        consumer.Write("Misuse.cs", Programs.Misuse);
        consumer.Write(".editorconfig", """
            root = true
            [*.cs]
            dotnet_diagnostic.NVG0006.severity = none
            dotnet_diagnostic.NVG0007.severity = warning
            """);

        ChildResult build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == 0, build.All);
        Assert.Equal(["Misuse.cs(13,22): warning NVG0007"], consumer.Diagnostics(build));
    }
}
