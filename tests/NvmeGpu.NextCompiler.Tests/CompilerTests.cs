using System;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace NvmeGpu.NextCompiler.Tests;

/// <summary>The tests here run where they say they do.</summary>
public sealed class CompilerTests
{
    [Fact]
    public void This_process_has_a_newer_compiler_than_the_analyzers_were_built_against()
    {
        Version? builtAgainst = Assembly.Load("NvmeGpu.Analyzers").GetReferencedAssemblies()
            .Single(name => name.Name == "Microsoft.CodeAnalysis").Version;

        Assert.Equal(new Version(5, 0, 0, 0), builtAgainst);
        Assert.Equal(new Version(5, 12, 0, 0), typeof(CSharpCompilation).Assembly.GetName().Version);
    }
}
