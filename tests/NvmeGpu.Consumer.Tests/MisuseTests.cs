using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>
/// The rules in each distribution (for the submodule: <see cref="SubmoduleTests"/>), with the settings that
/// <see cref="MatrixTests"/> does not have: nullable types and implicit usings on, arithmetic unchecked, the
/// newest C#, warnings that stay warnings.
/// </summary>
[Collection(Consumer.OneByOne)]
public sealed class MisuseTests(PackedPackage package)
{
    private const string Ordinary = """
        <OutputType>Exe</OutputType>
        <Nullable>enable</Nullable>
        <ImplicitUsings>enable</ImplicitUsings>
        <LangVersion>preview</LangVersion>
        """;

    // A name without a folder is that file wherever it lies, and none of our sources has it.
    internal const string Lowered = """
        root = true
        [Misuse.cs]
        dotnet_diagnostic.NVG0006.severity = warning
        dotnet_diagnostic.NVG0007.severity = warning
        """;

    [Theory]
    [InlineData(Distribution.Source)]
    [InlineData(Distribution.Project)]
    [InlineData(Distribution.Package)]
    public async Task Misuse_does_not_compile_until_editorconfig_makes_it_a_warning(Distribution distribution)
    {
        using var consumer = new Consumer();
        await Distributions.WriteAsync(consumer, distribution, package, Ordinary);
        consumer.Write("Program.cs", "#nullable enable\n" + Programs.Correct);
        consumer.Write("Wrapper.cs", Programs.Wrapper);
        consumer.Write("Misuse.cs", Programs.Misuse);

        ChildResult refused = await consumer.BuildAsync();
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(
            ["Misuse.cs(13,22): error NVG0007", "Misuse.cs(14,27): error NVG0006"],
            consumer.Diagnostics(refused));

        consumer.Write(".editorconfig", Lowered);
        ChildResult built = await consumer.BuildAsync("--no-restore");
        Assert.True(built.ExitCode == 0, built.All);
        Assert.Equal(
            ["Misuse.cs(13,22): warning NVG0007", "Misuse.cs(14,27): warning NVG0006"],
            consumer.Diagnostics(built));

        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll");
        Assert.Equal($"Completion, public: {distribution == Distribution.Project}\n", run.Output);
    }
}
