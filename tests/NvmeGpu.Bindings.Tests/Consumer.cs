using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Compiles generated sources as a strict consumer does: overflow checks on, every warning an error.
/// </summary>
internal static class Consumer
{
    public static Assembly Compile(IEnumerable<string> sources, bool isPublic, bool referencesBindings)
    {
        string[] symbols = isPublic ? ["NVMEGPU_PUBLIC", "DEBUG"] : ["DEBUG"];
        var parse = new CSharpParseOptions(LanguageVersion.CSharp14, preprocessorSymbols: symbols);
        var compilation = CSharpCompilation.Create(
            "Consumer",
            sources.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parse, file)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
                .Where(path => referencesBindings || Path.GetFileName(path) != "NvmeGpu.Bindings.dll")
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                checkOverflow: true,
                generalDiagnosticOption: ReportDiagnostic.Error,
                nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(
            emitted.Success, string.Join(
                '\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(image.ToArray());
    }
}
