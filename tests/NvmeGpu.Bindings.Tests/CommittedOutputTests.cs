using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>What is committed is what the header compiler makes of the locked headers today.</summary>
public sealed class CommittedOutputTests
{
    [Theory]
    [InlineData("Liburing", "liburing.rsp")]
    [InlineData("NvmeIoctl", "nvme_ioctl.rsp")]
    [InlineData("Cuda", "cuda.rsp")]
    public async Task The_committed_bindings_are_the_fresh_ones_byte_for_byte(
        string name, string responseFile)
    {
        Headers.Require();
        await Headers.RequireLibClangAsync();
        using var folder = new TemporaryFolder();

        ChildResult result = await Headers.CompileAsync(
            "@" + Repository.PathOf("native-headers", responseFile), "--output", folder.FullPath);

        Assert.True(result.ExitCode == 0, result.All);
        string committed = Repository.PathOf("bindings", name);
        Assert.Equal(FileNames(folder.FullPath), FileNames(committed));
        foreach (string file in FileNames(committed))
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(committed, file)).AsSpan().SequenceEqual(
                    File.ReadAllBytes(folder.PathOf(file))),
                $"bindings/{name}/{file} is not what the header compiler makes: run build/regenerate and "
                    + "commit the result");
        }
    }

    [Theory]
    [InlineData("Liburing")]
    [InlineData("NvmeIoctl")]
    [InlineData("Cuda")]
    public void Every_span_of_the_index_is_the_declaration_that_it_names(string name)
    {
        IReadOnlyList<IndexLine> index = Library.Of(name).ReadIndex();
        HashSet<string> names = [.. index.Select(line => line.Name)];
        Dictionary<string, string> texts = FileNames(Repository.PathOf("bindings", name))
            .ToDictionary(file => file, file => File.ReadAllText(Repository.PathOf("bindings", name, file)));
        foreach (IndexLine line in index)
        {
            Assert.All(line.Dependencies, dependency => Assert.Contains(dependency, names));
            if (line.Kind == "member")
            {
                continue; // it lies in its enum's span
            }
            string span = texts[line.File].Substring(line.Start, line.Length);
            string declaration = line.Kind switch
            {
                "struct" or "union" or "opaque" => $"\npartial struct {line.Name}\n",
                "enum" => $"\nenum {line.Name} : ",
                _ => $" {line.Name}",
            };
            Assert.Contains(declaration, "\n" + span, StringComparison.Ordinal);
            Assert.EndsWith("\n", span, StringComparison.Ordinal);
            Assert.Equal(span.Count(c => c == '{'), span.Count(c => c == '}'));
        }
    }

    private static string[] FileNames(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(
            StringComparer.Ordinal)];
}
