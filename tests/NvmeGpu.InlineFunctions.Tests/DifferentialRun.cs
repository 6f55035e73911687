using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

internal enum Verdict
{
    /// <summary>Every call did what gcc's did.</summary>
    Agrees,

    /// <summary>A call did something else.</summary>
    Differs,

    /// <summary>The process ended in it.</summary>
    Crashes,

    /// <summary>It did not end.</summary>
    Hangs,
}

/// <param name="CallCount">Calls that were compared; 0 unless all agree.</param>
/// <param name="What">The first difference, or the process's last words.</param>
internal sealed record ItemResult(Verdict Verdict, long CallCount, string What);

/// <summary>
/// Both sides of a header, built, and the runs over them. The seed is the same in every run, so that a
/// failure is found again; NVMEGPU_DIFFERENTIAL_SEED sets another one.
/// </summary>
internal sealed class DifferentialRun : IDisposable
{
    /// <summary>Random vectors per function; the edges come on top.</summary>
    public const int RandomCount = 2000;

    private readonly TemporaryFolder _folder = new();

    private DifferentialRun(
        HeaderUnderTest header, TranslatedHeader translated, List<CFunctionDeclaration> functions)
    {
        Header = header;
        Translated = translated;
        Builder = new(translated);
        Declared = functions;
    }

    public static ulong Seed { get; } = ulong.Parse(
        Environment.GetEnvironmentVariable("NVMEGPU_DIFFERENTIAL_SEED") ?? "20260101",
        CultureInfo.InvariantCulture);

    public HeaderUnderTest Header { get; }

    public TranslatedHeader Translated { get; }

    public ManagedSideBuilder Builder { get; }

    /// <summary>gcc's list of the header's functions.</summary>
    public IReadOnlyList<CFunctionDeclaration> Declared { get; }

    public IEnumerable<string> InlineNames =>
        Declared.Where(function => function.IsInline).Select(function => function.Name);

    private string NativePath => _folder.PathOf("native.so");

    public static async Task<DifferentialRun> PrepareAsync(
        HeaderUnderTest header, CancellationToken cancellation)
    {
        await Gcc.RequireAllAsync();
        TranslatedHeader translated = await TranslatedHeader.MakeAsync(header, cancellation);
        List<CFunctionDeclaration> functions = await CDeclarations.ReadAsync(header, cancellation);
        var run = new DifferentialRun(header, translated, functions);
        await NativeSideBuilder.BuildAsync(
            header, functions, translated.Externals, run.NativePath, cancellation);
        return run;
    }

    /// <summary>Compares all translated functions with C's.</summary>
    public Task<IReadOnlyDictionary<string, ItemResult>> CompareFunctionsAsync(CancellationToken cancellation)
    {
        string[] names = [.. InlineNames.Where(Translated.Methods.ContainsKey)];
        string path = _folder.PathOf("functions.dll");
        Builder.BuildFunctions(path, names, cancellation);
        return CompareAsync(path, names);
    }

    /// <summary>Compares mutants with what C does.</summary>
    public async Task<IReadOnlyList<(Mutant Mutant, ItemResult Result)>> CompareMutantsAsync(
        IReadOnlyList<Mutant> mutants, CancellationToken cancellation)
    {
        string path = _folder.PathOf("mutants.dll");
        mutants = Builder.BuildMutants(path, mutants, cancellation);
        IReadOnlyDictionary<string, ItemResult> results =
            await CompareAsync(path, [.. mutants.Select(mutant => mutant.Item)]);
        return [.. mutants.Select(mutant => (mutant, results[mutant.Item]))];
    }

    public void Dispose() => _folder.Dispose();

    private async Task<IReadOnlyDictionary<string, ItemResult>> CompareAsync(
        string managedPath, string[] items)
    {
        var results = new Dictionary<string, ItemResult>(StringComparer.Ordinal);
        for (int first = 0; first < items.Length;)
        {
            ChildResult child = await ChildProcess.RunAsync(
                "dotnet",
                [
                    Path.Combine(AppContext.BaseDirectory, "inline-functions-runner.dll"), NativePath,
                    managedPath,
                    Seed.ToString(CultureInfo.InvariantCulture),
                    RandomCount.ToString(CultureInfo.InvariantCulture),
                    first.ToString(CultureInfo.InvariantCulture),
                ],
                environment: new Dictionary<string, string?> { ["DOTNET_DbgEnableMiniDump"] = "0" });
            int last = Read(child, items, results);
            Assert.True(last >= first || child.ExitCode == 0, $"the runner does not start:\n{child.All}");
            if (child.ExitCode == 0)
            {
                break;
            }
            results.TryAdd(items[last], new(
                child.Error.Contains("hangs", StringComparison.Ordinal) ? Verdict.Hangs : Verdict.Crashes,
                0,
                string.Join(' ', child.Error.Split('\n').Take(2))));
            first = last + 1;
        }
        Assert.Equal(items.Length, results.Count);
        return results;
    }

    // The last item that was begun.
    private static int Read(ChildResult child, string[] items, Dictionary<string, ItemResult> results)
    {
        int last = -1;
        foreach (string line in child.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.TrimEnd('\r').Split('\t');
            last = int.Parse(parts[1], CultureInfo.InvariantCulture);
            switch (parts[0])
            {
                case "begin":
                    break;
                case "agrees":
                    results.Add(
                        items[last],
                        new(Verdict.Agrees, long.Parse(parts[2], CultureInfo.InvariantCulture), ""));
                    break;
                case "differs":
                    results.Add(items[last], new(Verdict.Differs, 0, parts[2]));
                    break;
                default:
                    throw new UnreachableException($"The runner printed {line}");
            }
        }
        return last;
    }
}
