using System;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>What NvmeGpuParts adds, and that nothing of it is there without being asked for.</summary>
[Collection(Consumer.OneByOne)]
public sealed class PartsTests(PackedPackage package)
{
    private const string Strict = """
        <OutputType>Exe</OutputType>
        <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
        <AnalysisLevel>latest-all</AnalysisLevel>
        <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
        """;

    /// <summary>Uses what it names on a machine with a device, and says on every other one why not.</summary>
    private const string Program = """
        using System;
        using NvmeGpu;

        namespace App;

        internal static class Program
        {
            private static void Main()
            {
                bool isThere = CudaDriver.TryLoad(out CudaDriver? driver, out CapabilityCheck check);
                if (isThere && driver is not null)
                {
                    using CudaContext context = CudaContext.OfPrimary(driver.Device(0));
                    using GpuMappedBuffer buffer = new CudaHostRegisteredProvider(context).Allocate(4096);
                    using DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
                    using CudaStream stream = CudaStream.Create(context);
                    memory.CopyFrom(buffer, 0, 0, 4096, stream);
                    stream.Synchronize();
                }
                bool isPublic = typeof(CudaDriver).IsPublic;
                Console.WriteLine($"{check.Id} {check.IsOk == isThere}, public: {isPublic}");
            }
        }
        """;

    [Theory]
    [InlineData(Distribution.Source, false)]
    [InlineData(Distribution.Package, false)]
    [InlineData(Distribution.Project, true)]
    public async Task The_part_cuda_compiles_without_a_warning_and_runs_without_a_driver(
        Distribution distribution, bool isPublic)
    {
        using var consumer = new Consumer();
        await Distributions.WriteAsync(
            consumer, distribution, package,
            Strict + "<Nullable>enable</Nullable><NvmeGpuParts>cuda</NvmeGpuParts>");
        consumer.Write("Program.cs", Program);

        ChildResult build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == 0, build.All);
        Assert.Contains("    0 Warning(s)", build.Output);
        ChildResult run = await consumer.DotnetAsync("bin/Debug/net10.0/app.dll");
        Assert.Equal($"cuda.driver True, public: {isPublic}\n", run.All);
    }

    [Fact]
    public async Task Without_it_no_file_of_CUDA_is_compiled_and_with_it_all_are()
    {
        using var consumer = new Consumer();
        await Distributions.WriteAsync(consumer, Distribution.Source, package, Strict);

        Assert.Empty(await CudaItemsAsync(consumer, ""));
        string[] items = await CudaItemsAsync(consumer, "cuda");

        Assert.Contains("NvmeGpu/bindings/Cuda/Functions.g.cs", items);
        Assert.Contains("NvmeGpu/runtime/Cuda/CudaDriver.cs", items);
        Assert.Contains("NvmeGpu/runtime/Cuda/Accessibility.Internal.cs", items);
        Assert.DoesNotContain("NvmeGpu/runtime/Cuda/Accessibility.Public.cs", items);
        Assert.Equal(items.Distinct().Count(), items.Length);
    }

    private static async Task<string[]> CudaItemsAsync(Consumer consumer, string parts)
    {
        ChildResult query = await consumer.DotnetAsync(
            "msbuild", "-nodeReuse:false", "-getItem:Compile", "-p:NvmeGpuParts=" + parts);
        Assert.True(query.ExitCode == 0, query.All);
        using var answer = System.Text.Json.JsonDocument.Parse(query.Output);
        string[] links =
        [
            .. answer.RootElement.GetProperty("Items").GetProperty("Compile").EnumerateArray()
                .Where(item => item.TryGetProperty("Link", out _))
                .Select(item => item.GetProperty("Link").GetString()!),
        ];
        Assert.Contains("NvmeGpu/runtime/Ring/IoUring.cs", links);
        return [.. links.Where(link => link.Contains("Cuda", StringComparison.Ordinal))];
    }
}
