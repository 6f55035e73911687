using System;
using System.IO;
using System.Linq;
using System.Reflection;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>The bindings as sources in a consumer's own compilation.</summary>
public sealed class SourceModeTests
{
    [Fact]
    public void The_sources_compile_without_a_warning_and_every_type_is_internal()
    {
        Assembly assembly = Compile("Public", isPublic: false);

        Assert.Empty(assembly.GetExportedTypes());
        Type[] types =
            [.. assembly.GetTypes().Where(type => type.Namespace == "NvmeGpu.Bindings" && !type.IsNested)];
        Assert.True(types.Length >= 250, $"only {types.Length} types");
        Assert.DoesNotContain(types, type => !type.GetCustomAttributesData().Any(
            attribute => attribute.AttributeType.FullName == "Microsoft.CodeAnalysis.EmbeddedAttribute"));
    }

    [Fact]
    public void In_project_mode_the_same_types_are_public()
    {
        Assembly project = Compile("Internal", isPublic: true);

        Assert.Equal(Names(Compile("Public", isPublic: false)), Names(project));
        Assert.All(
            project.GetTypes().Where(type => type.Namespace == "NvmeGpu.Bindings" && !type.IsNested),
            type => Assert.True(type.IsPublic, $"{type} is not public"));
    }

    private static string[] Names(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(type => type.Namespace == "NvmeGpu.Bindings")
            .Select(type => type.FullName!)
            .Order(StringComparer.Ordinal),
    ];

    private static Assembly Compile(string leftOut, bool isPublic) => Consumer.Compile(
        Directory.EnumerateFiles(Repository.PathOf("bindings"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith(
            $"Accessibility.{leftOut}", StringComparison.Ordinal)),
        isPublic,
        referencesBindings: false);
}
