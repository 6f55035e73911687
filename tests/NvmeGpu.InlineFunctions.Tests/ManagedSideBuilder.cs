using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// The C# side of a run: everything that was generated, a wrapper per function or mutant, a stub per external
/// function. Compiled with overflow checks, to which the bodies must be immune.
/// </summary>
internal sealed class ManagedSideBuilder
{
    private static readonly List<MetadataReference> s_framework = [.. ((string)AppContext.GetData(
            "TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
        .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Select(path => MetadataReference.CreateFromFile(path))];

    private readonly TranslatedHeader _header;

    public ManagedSideBuilder(TranslatedHeader header)
    {
        _header = header;
        Compilation = CSharpCompilation.Create(
            "Translated",
            [.. header.Trees, Parse(Stubs())],
            s_framework,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                checkOverflow: true,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>What was generated, with the stubs and without wrappers.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>An assembly with an item per translated function.</summary>
    public void BuildFunctions(
        string output, IEnumerable<string> functions, CancellationToken cancellation) =>
        Emit(
            Compilation.AddSyntaxTrees(Parse(Glue(functions.Select(name => (name, _header.Methods[name]))))),
            output,
            cancellation);

    /// <summary>
    /// An assembly with an item per mutant. Those that are no C# are left out.
    /// </summary>
    /// <returns>The mutants of the items, in their order.</returns>
    public IReadOnlyList<Mutant> BuildMutants(
        string output, IReadOnlyList<Mutant> mutants, CancellationToken cancellation)
    {
        List<Mutant> legal = [.. WithoutErrors(mutants, cancellation)];
        Emit(
            Compilation.AddSyntaxTrees(
                MutantTree(legal), Parse(Glue(legal.Select(mutant => (mutant.Item, mutant.Method))))),
            output,
            cancellation);
        return legal;
    }

    private IEnumerable<Mutant> WithoutErrors(IReadOnlyList<Mutant> mutants, CancellationToken cancellation)
    {
        SyntaxTree tree = MutantTree(mutants);
        SemanticModel model = Compilation.AddSyntaxTrees(tree).GetSemanticModel(tree);
        List<TextSpan> errors = [.. model.GetDiagnostics(cancellationToken: cancellation)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.Location.SourceSpan)];
        List<MethodDeclarationSyntax> methods = [.. tree.GetRoot(cancellation).DescendantNodes()
            .OfType<ClassDeclarationSyntax>().Single().Members.OfType<MethodDeclarationSyntax>()];
        Assert.Equal(mutants.Count, methods.Count);
        return mutants.Where((_, i) => !errors.Exists(error => methods[i].FullSpan.Contains(error)));
    }

    // The generated file again, with the mutants as the only members of its class.
    private SyntaxTree MutantTree(IEnumerable<Mutant> mutants)
    {
        ClassDeclarationSyntax mutated = _header.Class.WithAttributeLists([]).WithMembers(
            SyntaxFactory.List<MemberDeclarationSyntax>(mutants.Select(mutant => mutant.Method)));
        return Parse(_header.Inline.GetRoot().ReplaceNode(_header.Class, mutated).ToFullString());
    }

    private static SyntaxTree Parse(string text) =>
        CSharpSyntaxTree.ParseText(text, TranslatedHeader.ParseOptions);

    private static void Emit(CSharpCompilation compilation, string output, CancellationToken cancellation)
    {
        using FileStream file = File.Create(output);
        Microsoft.CodeAnalysis.Emit.EmitResult emitted =
            compilation.Emit(file, cancellationToken: cancellation);
        Assert.True(
            emitted.Success,
            string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)
                .Take(40)));
    }

    private string Glue(IEnumerable<(string Item, MethodDeclarationSyntax Method)> items)
    {
        string className = _header.Class.Identifier.Text;
        var names = new StringBuilder();
        var addresses = new StringBuilder();
        var wrappers = new StringBuilder();
        int id = 0;
        foreach ((string item, MethodDeclarationSyntax method) in items)
        {
            names.Append($"        \"{item}\",\n");
            addresses.Append($"        (nint)(delegate*<ulong*, byte*, void>)&Call{id},\n");
            string result = method.ReturnType.ToString();
            string arguments = string.Join(", ", method.ParameterList.Parameters.Select(
                (parameter, i) => Take(parameter.Type!.ToString(), i)));
            wrappers.Append($"    private static void Call{id}(ulong* a, byte* r) => ")
                .Append(result is "void" ? "" : $"*({result}*)r = ")
                .Append(TranslatedHeader.IsOfTable(method) ? "Table" : className)
                .Append($".{method.Identifier.Text}({arguments});\n");
            id++;
        }
        return $$"""
            {{string.Join('\n', _header.Inline.GetCompilationUnitRoot().Usings)}}
            namespace {{_header.Namespace}};

            internal static unsafe class DifferentialGlue
            {
                public static nint External;
                public static System.Func<string, nint> Find = _ => 0;
                public static readonly System.Type[] Translated = [typeof({{className}}){{(_header.TableName is { } name ? $", typeof({name})" : "")}}];
                public static readonly string[] Items =
                [
            {{names}}
                ];
                public static nint[] Addresses() =>
                [
            {{addresses}}
                ];
            {{wrappers}}
            {{(_header.TableName is { } table
                ? $"    private static {table}? s_table;\n"
                    + $"    private static {table} Table => s_table ??= new(Find);"
                : "")}}
            }
            """;
    }

    // An argument comes in a slot of 64 bits, a larger struct by its address.
    private static string Take(string type, int i) =>
        $"*({type}*)(sizeof({type}) <= 8 ? (void*)(a + {i}) : (void*)a[{i}])";

    private string Stubs()
    {
        var text = new StringBuilder();
        foreach ((int id, string name) in _header.Externals.Index())
        {
            // The table's methods call what the table was made of, which are C's stubs.
            if (!_header.IsCalledByStatic(name))
            {
                continue;
            }
            (string result, string[] parameters) = _header.SignatureOf(name);
            string declared = string.Join(", ", parameters.Select((type, i) => $"{type} p{i}"));
            string stored = string.Concat(parameters.Select((type, i) => $"*({type}*)(a + {i}) = p{i}; "));
            text.Append($$"""
                    public static {{result}} {{name}}({{declared}})
                    {
                        ulong* a = stackalloc ulong[{{parameters.Length + 1}}];
                        for (int i = 0; i < {{parameters.Length + 1}}; i++) a[i] = 0;
                        {{stored}}
                        ulong r = ((delegate* unmanaged<ulong, ulong, ulong*, ulong>)DifferentialGlue.External)({{id}},
                            {{parameters.Length}}, a);
                        {{(result is "void" ? "" : $"return *({result}*)&r;")}}
                    }

                """);
        }
        return $$"""
            namespace {{_header.Namespace}};

            static unsafe partial class {{_header.Class.Identifier.Text}}
            {
            {{text}}
            }
            """;
    }
}
