using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Diagnostics.Telemetry;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

/// <summary>Whose contracts count: those of this compilation, and those of what it refers to.</summary>
public sealed class ContractLookupTests
{
    private const string Wrapper = """
        public static unsafe class Wrapper
        {
            public static void Read([NvmeGpu.Contracts.KernelRetains(NvmeGpu.Contracts.Until.Completion)] void* address) { }
        }
        """;

    private const string Misuse = """
        using System.Runtime.CompilerServices;

        static unsafe class Program
        {
            static void Run()
            {
                var buffer = new byte[8];
                Wrapper.Read(Unsafe.AsPointer(ref buffer[0]));
            }
        }
        """;

    [Fact]
    public async Task A_library_s_own_internal_copy_of_the_contracts_counts_in_its_callers()
    {
        // Both compile the contract sources as internal, embedded types: two symbols of the same name.
        CSharpCompilation library = RuleTest.Compile("Library", [Wrapper], withContracts: true);
        MetadataReference reference = Emit(library);
        CSharpCompilation caller = RuleTest.Compile("Caller", [Misuse], withContracts: true, reference);

        Diagnostic said = Assert.Single(await SaidAsync(caller, new MovableMemory()));

        Assert.Equal("NVG0007", said.Id);
    }

    [Fact]
    public async Task An_attribute_of_the_same_name_in_another_namespace_is_no_contract()
    {
        const string Foreign = """
            namespace Other.NvmeGpu.Contracts
            {
                class KernelRetainsAttribute : System.Attribute { public KernelRetainsAttribute(int until) { } }
            }
            public static unsafe class Wrapper
            {
                public static void Read([Other.NvmeGpu.Contracts.KernelRetains(1)] void* address) { }
            }
            """;
        CSharpCompilation program = RuleTest.Compile("Program", [Foreign, Misuse], withContracts: true);

        Assert.Empty(await SaidAsync(program, new MovableMemory()));
    }

    [Fact]
    public async Task Calls_through_delegates_and_function_pointers_do_not_disturb_the_rules()
    {
        const string Calls = """
            using System.Runtime.CompilerServices;
            using NvmeGpu.Contracts;

            unsafe delegate void Read([KernelRetains(Until.Completion)] void* address);

            static unsafe class Program
            {
                static void Run(delegate*<void*, void> pointer, Read read, dynamic late)
                {
                    var buffer = new byte[8];
                    pointer(Unsafe.AsPointer(ref buffer[0]));
                    late.Read(1);
                    read(Unsafe.AsPointer(ref buffer[0]));
                }
            }
            """;
        CSharpCompilation program = RuleTest.Compile("Program", [Calls], withContracts: true);

        Diagnostic said =
            Assert.Single(await SaidAsync(program, new MovableMemory(), new UnregisteredMemory()));

        // of the delegate, whose parameter says so
        Assert.Equal(12, said.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Theory]
    [InlineData(false, "", false)]
    [InlineData(false, "using NvmeGpu.Contracts;", false)]
    [InlineData(true, "using NvmeGpu.Contracts;", true)]
    public async Task Without_the_contracts_or_a_file_that_names_them_nothing_is_registered(
        bool withContracts, string head, bool isAny)
    {
        CSharpCompilation program =
            RuleTest.Compile("Program", [head + "class Program { int x = 1; }"], withContracts);
        foreach (DiagnosticAnalyzer rule in (DiagnosticAnalyzer[])[
            new MovableMemory(), new UnregisteredMemory()])
        {
            CompilationWithAnalyzers run = program.WithAnalyzers([rule]);
            await run.GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
            AnalyzerTelemetryInfo telemetry =
                await run.GetAnalyzerTelemetryInfoAsync(rule, TestContext.Current.CancellationToken);
            Assert.Equal(isAny, telemetry.OperationBlockActionsCount > 0);
        }
    }

    private static async Task<ImmutableArray<Diagnostic>> SaidAsync(
        CSharpCompilation compilation, params DiagnosticAnalyzer[] rules)
    {
        Assert.Empty(Errors(compilation));
        return await compilation
            .WithAnalyzers([.. rules])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }

    private static PortableExecutableReference Emit(CSharpCompilation compilation)
    {
        Assert.Empty(Errors(compilation));
        using var image = new MemoryStream();
        compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static IEnumerable<Diagnostic> Errors(CSharpCompilation compilation) => compilation
        .GetDiagnostics(TestContext.Current.CancellationToken)
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
