using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NvmeGpu.Generators.Benchmarks;

/// <summary>
/// Bindings on demand in a compiler that runs already, as an editor and the compiler server are. Goals: a
/// first run in under 50 ms, an unrelated edit in under 1 ms. The code is compiled by then: what the first
/// call of a process costs on top of it, nearly all of it the JIT, is printed by <see cref="ProcessTimes"/>.
/// </summary>
[MemoryDiagnoser]
public class OnDemandBenchmarks
{
    private readonly CSharpCompilation _project = ConsumerProject.Create();
    private readonly GeneratorDriver _without = ConsumerProject.Driver(withGenerator: false);
    private GeneratorDriver _with = null!;
    private GeneratorDriver _started = null!;
    private SyntaxTree _edited = null!;
    private int _edit;

    [GlobalSetup]
    public void Start()
    {
        _edited = ((CSharpCompilation)_project).SyntaxTrees[0];
        _started = ConsumerProject.Driver(withGenerator: true).RunGenerators(_project);
        _with = ConsumerProject.Driver(withGenerator: true);
    }

    /// <summary>Reads list and index, resolves, looks up and writes: a new driver each time.</summary>
    [Benchmark]
    public GeneratorDriver FirstRun() => _with.RunGenerators(Edit());

    /// <summary>A new text of a file that is no concern of ours, and all generators after it.</summary>
    [Benchmark]
    public GeneratorDriver UnrelatedEdit() => _started.RunGenerators(Edit());

    /// <summary>The same edit without the generator: what of the row above is not ours.</summary>
    [Benchmark(Baseline = true)]
    public GeneratorDriver EditWithoutGenerator() => _without.RunGenerators(Edit());

    private CSharpCompilation Edit() => _project.ReplaceSyntaxTree(_edited, ConsumerProject.Edited(++_edit));
}
