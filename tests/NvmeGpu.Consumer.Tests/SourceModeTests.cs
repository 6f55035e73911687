using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>The default: the library is compiled into the consumer.</summary>
[Collection(Consumer.OneByOne)]
public sealed class SourceModeTests
{
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
