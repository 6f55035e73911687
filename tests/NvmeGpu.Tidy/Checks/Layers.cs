using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy.Checks;

/// <summary>One direction between layers: between projects by their references, inside runtime by the
/// types.</summary>
public static partial class Layers
{
    // Project folder, and the folders that its project file may name.
    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["bindings/"] = ["generator/"], // the header compiler makes them
        ["runtime/"] = ["bindings/"],
        ["analyzers/NvmeGpu.Analyzers/"] = [],
        ["analyzers/NvmeGpu.CodeFixes/"] = ["analyzers/NvmeGpu.Analyzers/"],
        ["generator/NvmeGpu.HeaderCompiler/"] = [],
        ["generator/NvmeGpu.BindingsOnDemand/"] = [],
        ["tool/"] = ["build/"], // as any user does
    };

    // Lower layers of runtime know nothing of these.
    private static readonly Dictionary<string, string[]> s_runtime = new()
    {
        ["runtime/Errors/"] =
        [
            "runtime/Machine/", "runtime/Memory/", "runtime/Ring/", "runtime/Nvme/", "runtime/Cuda/",
            "runtime/Probe/", "runtime/Ingest/",
        ],
        ["runtime/Machine/"] =
        [
            "runtime/Memory/", "runtime/Ring/", "runtime/Nvme/", "runtime/Cuda/", "runtime/Probe/",
            "runtime/Ingest/",
        ],
        ["runtime/Memory/"] =
            ["runtime/Ring/", "runtime/Nvme/", "runtime/Cuda/", "runtime/Probe/", "runtime/Ingest/"],
        ["runtime/Ring/"] = ["runtime/Nvme/", "runtime/Cuda/", "runtime/Probe/", "runtime/Ingest/"],
        ["runtime/Nvme/"] = ["runtime/Cuda/", "runtime/Probe/", "runtime/Ingest/"],
        // Beside the two above, not on top of them.
        ["runtime/Cuda/"] = ["runtime/Ring/", "runtime/Nvme/", "runtime/Probe/", "runtime/Ingest/"],
        ["runtime/Probe/"] = ["runtime/Cuda/", "runtime/Ingest/"], // Cuda is a part that can be left out
        ["runtime/Ingest/"] = ["runtime/Cuda/"],
    };

    // Where a lower layer names a higher one all the same, and why.
    private static readonly HashSet<(string Path, string Type)> s_named = [];

    public static IEnumerable<Finding> Projects(TextFile file)
    {
        if (!file.Path.EndsWith(".csproj", StringComparison.Ordinal)
            || s_projects.Keys.FirstOrDefault(folder =>
                file.Path.StartsWith(folder, StringComparison.Ordinal)) is not { } from)
        {
            yield break;
        }
        for (int i = 0; i < file.Lines.Count; i++)
        {
            foreach (Match match in Reference().Matches(file.Lines[i]))
            {
                string target = Resolve(file.Path, match.Groups[1].Value);
                if (!target.StartsWith(from, StringComparison.Ordinal)
                    && !s_projects[from].Any(to => target.StartsWith(to, StringComparison.Ordinal)))
                {
                    yield return file.At(
                        i + 1, $"{from} refers to {target}, which is against the direction of the layers.");
                }
            }
        }
    }

    public static IEnumerable<Finding> Runtime(IEnumerable<TextFile> files)
    {
        TextFile[] runtime = [.. files.Where(file => file.IsHandwrittenCSharp && file.IsBelow("runtime"))];
        ILookup<string, string> placeOf = runtime
            .SelectMany(file => file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                .Where(type => type.Parent is BaseNamespaceDeclarationSyntax
                    && !file.Path.Contains("Accessibility.", StringComparison.Ordinal))
                .Select(type => (type.Identifier.Text, file.Path)))
            .ToLookup(type => type.Text, type => type.Path);
        foreach (TextFile file in runtime)
        {
            string? layer = s_runtime.Keys.FirstOrDefault(folder =>
                file.Path.StartsWith(folder, StringComparison.Ordinal));
            foreach (IdentifierNameSyntax name in layer is null
                ? [] : file.Root.DescendantNodes().OfType<IdentifierNameSyntax>())
            {
                string type = name.Identifier.Text;
                if (placeOf[type].Any() && placeOf[type].All(path =>
                    s_runtime[layer!].Any(above => path.StartsWith(above, StringComparison.Ordinal)))
                    && !s_named.Contains((file.Path, type)) && !IsMember(name))
                {
                    yield return file.At(
                        name, $"{layer} names {type} of {placeOf[type].First()}, which is a layer above it.");
                }
            }
        }
    }

    // `x.Name`, `Name = ` and `Name:` are members, not types.
    private static bool IsMember(IdentifierNameSyntax name) =>
        (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
        || name.Parent is NameColonSyntax or NameEqualsSyntax or MemberBindingExpressionSyntax
        || (name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment
            && assignment.Left == name);

    private static string Resolve(string from, string to)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (string part in to.Replace('\\', '/')
            .Replace("$(RepositoryRoot)", "", StringComparison.Ordinal).Split('/'))
        {
            if (to.StartsWith("$(RepositoryRoot)", StringComparison.Ordinal)
                && part == to.Split('/')[0]["$(RepositoryRoot)".Length..])
            {
                parts.Clear();
            }
            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }
        return string.Join('/', parts);
    }

    [GeneratedRegex("<(?:ProjectReference Include|Import Project)=\"([^\";]+)\"")]
    private static partial Regex Reference();
}
