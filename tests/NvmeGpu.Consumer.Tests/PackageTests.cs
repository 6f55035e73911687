using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Consumer.Tests;

/// <summary>What is in the source-only package, and what is not.</summary>
[Collection(Consumer.OneByOne)]
public sealed partial class PackageTests(PackedPackage package)
{
    // What the package format itself wants.
    private static readonly string[] s_envelope = ["NvmeGpu.nuspec", "[Content_Types].xml", "_rels/.rels"];

    [Fact]
    public void It_has_sources_analyzers_props_and_pages_and_nothing_else()
    {
        string[] expected =
        [
            "README.md", "LICENSE", "NOTICE",
            "build/NvmeGpu.props", "build/NvmeGpu.targets", "build/NvmeGpu.globalconfig",
            "analyzers/dotnet/cs/NvmeGpu.Analyzers.dll", "analyzers/dotnet/cs/NvmeGpu.BindingsOnDemand.dll",
            "analyzers/dotnet/cs/NvmeGpu.CodeFixes.dll",
            .. Files("analyzers/docs", "*.md"),
            .. Sources("runtime"),
            .. Sources("bindings"),
            .. Files("bindings", "index.txt").Select(file => "src/" + file),
            .. Inline(),
        ];

        // No lib/, no contentFiles/, no ref/, no build output, and nothing missing.
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Read().Keys.Where(name => !s_envelope.Contains(name)
                && !name.StartsWith("package/services/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_files_are_those_of_the_checkout()
    {
        Dictionary<string, byte[]> files = Read();
        foreach ((string name, byte[] content) in files)
        {
            string inCheckout = name.StartsWith("src/", StringComparison.Ordinal) ? name[4..] : name;
            if (File.Exists(Repository.PathOf(inCheckout)))
            {
                Assert.True(content.AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Repository.PathOf(inCheckout))), name);
            }
        }
        Assert.True(files.ContainsKey("src/runtime/Ring/IoUring.cs"));
    }

    [Fact]
    public async Task Packing_again_makes_the_same_package()
    {
        using var consumer = new Consumer();
        string again = Path.Combine(consumer.Folder, "again");
        await PackedPackage.PackAsync(again);

        string[] first = [.. Hashes(Read())];
        Assert.Equal(first, Hashes(Read(Directory.GetFiles(again).Single())));
    }

    [Fact]
    public void Help_links_of_the_rules_and_links_between_the_pages_lead_to_files_inside_it()
    {
        Dictionary<string, byte[]> files = Read();
        // A rule's link is made of its id.
        string[] ids =
        [
            .. files.Keys.Where(name => name.EndsWith(".dll", StringComparison.Ordinal))
                .SelectMany(name => Strings(files[name])).Where(text => Id().IsMatch(text)).Distinct(),
        ];
        Assert.Contains("NVG0007", ids);
        Assert.Contains("NVG0101", ids);
        Assert.All(ids, id => Assert.Contains($"analyzers/docs/{id}.md", files.Keys));

        foreach (string page in files.Keys.Where(name =>
            name.StartsWith("analyzers/docs/", StringComparison.Ordinal)))
        {
            string text = System.Text.Encoding.UTF8.GetString(files[page]);
            Assert.All(
                PageLink().Matches(text).Select(match => "analyzers/docs/" + match.Groups[1].Value),
                link => Assert.Contains(link, files.Keys));
        }
    }

    [Fact]
    public void It_asks_for_no_other_package_and_is_for_development_only()
    {
        string nuspec = System.Text.Encoding.UTF8.GetString(Read()["NvmeGpu.nuspec"]);
        Assert.DoesNotContain("<dependency ", nuspec);
        Assert.DoesNotContain("<frameworkAssembl", nuspec);
        Assert.Contains("<developmentDependency>true</developmentDependency>", nuspec);
        Assert.Contains("<license type=\"expression\">MIT</license>", nuspec);
        Assert.Contains("<readme>README.md</readme>", nuspec);
    }

    private Dictionary<string, byte[]> Read() => Read(package.FullPath);

    private static Dictionary<string, byte[]> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => Uri.UnescapeDataString(entry.FullName), entry =>
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }

    private static IEnumerable<string> Hashes(Dictionary<string, byte[]> files) => files
        .OrderBy(file => file.Key, StringComparer.Ordinal)
        .Select(file => $"{file.Key} {Convert.ToHexString(SHA256.HashData(file.Value))}");

    private static IEnumerable<string> Files(string folder, string pattern) => Directory
        .GetFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file));

    private static IEnumerable<string> Sources(string folder) => Files(folder, "*.cs")
        .Where(file => !Path.GetFileName(file).StartsWith("Accessibility.Public", StringComparison.Ordinal))
        .Select(file => "src/" + file);

    // What the pack's own build has made, where the locked headers are.
    private static IEnumerable<string> Inline()
    {
        string folder = Repository.PathOf("artifacts", "obj", "NvmeGpu.Bindings", "inline");
        return !Directory.Exists(folder) ? [] : Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".g.cs", StringComparison.Ordinal)
                || Path.GetFileName(file) == "index.txt")
            .Select(file => "src/inline/" + Path.GetRelativePath(folder, file));
    }

    private static IEnumerable<string> Strings(byte[] assembly)
    {
        using var file = new PEReader(new MemoryStream(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        for (UserStringHandle handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle =
            metadata.GetNextHandle(handle))
        {
            yield return metadata.GetUserString(handle);
        }
    }

    [GeneratedRegex("^NVG[0-9]{4}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"\]\(([^)/#:]+)\)")]
    private static partial Regex PageLink();
}
