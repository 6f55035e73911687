using System;
using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NvmeGpu.TestKit;

namespace NvmeGpu.Generators.Benchmarks;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["--first-call"])
        {
            (double milliseconds, double jit, long methods) = ProcessTimes.FirstCall();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{milliseconds:F1} ms, of which JIT {jit:F1} ms for {methods} methods"));
            return 0;
        }
        // In this process: projects that BenchmarkDotNet generates would not find their way through
        // artifacts/.
        BenchmarkRunner.Run<OnDemandBenchmarks>(DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Repository.PathOf("artifacts", "benchmarks")));
        ProcessTimes.Print();
        return 0;
    }
}
