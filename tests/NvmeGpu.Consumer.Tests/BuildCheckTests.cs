using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>A build in which the rules cannot be enforced does not go on in silence.</summary>
[Collection(Consumer.OneByOne)]
public sealed class BuildCheckTests
{
    [Theory]
    [InlineData("<AllowUnsafeBlocks>false</AllowUnsafeBlocks>", "AllowUnsafeBlocks")]
    [InlineData("<LangVersion>13.0</LangVersion>", "C# 14")]
    [InlineData("<TargetFramework>net9.0</TargetFramework>", ".NET 10")]
    [InlineData("<NvmeGpuMode>sources</NvmeGpuMode>", "NvmeGpuMode")]
    public async Task A_setting_that_cannot_work_is_NVG0100(string setting, string word)
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: setting);

        ChildResult check =
            await consumer.DotnetAsync("msbuild", "-t:NvmeGpuCheckBuild", "-tl:off", "-nodeReuse:false");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("error NVG0100: ", check.Output);
        Assert.Contains(word, check.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<LangVersion>14.0</LangVersion>")]
    [InlineData("<LangVersion>preview</LangVersion>")]
    public async Task What_works_is_let_pass(string setting)
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: setting);

        ChildResult check =
            await consumer.DotnetAsync("msbuild", "-t:NvmeGpuCheckBuild", "-tl:off", "-nodeReuse:false");

        Assert.True(check.ExitCode == 0, check.All);
    }

    [Fact]
    public async Task An_analyzer_that_does_not_work_is_an_error_whatever_the_project_says()
    {
        using var consumer = new Consumer();
        consumer.WriteProject(after: "<WarningsAsErrors>nullable</WarningsAsErrors>");

        ChildResult query = await consumer.DotnetAsync("msbuild", "-getProperty:WarningsAsErrors");

        Assert.Equal(
            ["CS9057", "CS8032", "CS8784", "CS8785", "AD0001"], query.Output.Trim().Split(';')[^5..]);
    }
}
