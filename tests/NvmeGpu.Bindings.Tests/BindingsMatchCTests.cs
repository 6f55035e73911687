using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Sizes, alignments, offsets and values of all bindings are those that gcc has for the locked headers.
/// </summary>
public sealed partial class BindingsMatchCTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Liburing", 39, 279)]
    [InlineData("NvmeIoctl", 4, 68)]
    [InlineData("Cuda", 72, 459)]
    public async Task Every_type_has_the_size_alignment_and_offsets_that_gcc_gives_it(
        string name, int typesMin, int fieldsMin)
    {
        await RequireAsync();
        var library = Library.Of(name);
        List<IndexLine> types = [.. library.ReadIndex().Where(line => line.Kind is "struct" or "union")];
        List<(string Key, string Value)> facts =
            [.. types.SelectMany(line => RuntimeLayout.Facts(TypeOf(line.Name), line.Spelling))];

        Assert.True(types.Count >= typesMin, $"only {types.Count} types were compared");
        int fields = facts.Count(fact => fact.Key.Split(' ')[0] is "offsetof" or "flexible" or "bits");
        Assert.True(fields >= fieldsMin, $"only {fields} fields were compared");
        await AssertGccAgreesAsync(library, facts);
        int functions = await GeneratedLibrary.Committed(library).AssertCompleteAsync(
            CCompiler.Bindings, library.UmbrellaPath, facts);
        FactsFile.Keep(name, [.. FactCounts.Of(facts), ("signatures", functions)]);
        output.WriteLine(
            $"{name}: {types.Count} types, {fields} fields and {functions} functions agree with gcc");
    }

    [Theory]
    [InlineData("Liburing", 116, 120)]
    [InlineData("NvmeIoctl", 14, 0)]
    [InlineData("Cuda", 65, 749)]
    public async Task Every_constant_and_enum_member_has_the_value_that_gcc_gives_it(
        string name, int constantsMin, int membersMin)
    {
        await RequireAsync();
        var library = Library.Of(name);
        IReadOnlyList<IndexLine> index = library.ReadIndex();
        List<(string Key, string Value)> constants = [.. ConstantFacts.OfClass(TypeOf(name))];
        List<IndexLine> enums = [.. index.Where(line => line.Kind == "enum")];
        List<(string Key, string Value)> members =
            [.. enums.SelectMany(line => ConstantFacts.OfEnum(TypeOf(line.Name), line.Spelling))];

        Assert.Equal(index.Count(line => line.Kind == "constant"), constants.Count);
        Assert.Equal(index.Count(line => line.Kind == "member"), members.Count - enums.Count);
        Assert.True(constants.Count >= constantsMin, $"only {constants.Count} constants were compared");
        Assert.True(members.Count - enums.Count >= membersMin, $"only {members.Count} members were compared");
        await AssertGccAgreesAsync(library, [.. constants, .. members]);
        FactsFile.Keep(name, ("enums", enums.Count), ("members", members.Count - enums.Count),
            ("constants", constants.Count));
        output.WriteLine($"{name}: {constants.Count} constants, {members.Count - enums.Count} enum members "
            + "agree with gcc");
    }

    [Theory]
    [InlineData("Liburing")]
    [InlineData("NvmeIoctl")]
    [InlineData("Cuda")]
    public async Task No_field_is_missing_a_gap_is_always_smaller_than_the_alignment(string name)
    {
        await RequireAsync();
        foreach (IndexLine line in Library.Of(name).ReadIndex().Where(line => line.Kind == "struct"))
        {
            Type type = TypeOf(line.Name);
            int alignment =
                int.Parse(RuntimeLayout.Facts(type, "").Single(fact => fact.Key == "alignof ").Value);
            int gap = 0;
            foreach (bool isUncovered in RuntimeLayout.Uncovered(type))
            {
                gap = isUncovered ? gap + 1 : 0;
                Assert.True(gap < alignment,
                    $"{line.Name} has a gap of {gap} bytes: a field of the C struct is missing");
            }
        }
    }

    [Theory]
    [InlineData("Liburing", 112, "IOURINGINLINE")]
    [InlineData("NvmeIoctl", 14, "nvme_admin_cmd")]
    [InlineData("Cuda", 130, "__CUDA_DEPRECATED", "CUDAAPI", "CUDA_CB", "CUDA_ENABLE_DEPRECATED")]
    public async Task Every_macro_with_a_body_is_a_constant_an_alias_or_known_to_be_neither(
        string name, int macrosMin, params string[] neither)
    {
        await RequireAsync();
        var library = Library.Of(name);
        HashSet<string> bound = [.. library.ReadIndex().Select(line => line.Name), .. neither];
        string preprocessed = await Headers.GccAsync("-E", "-dD", library.UmbrellaPath);
        List<string> macros = [.. OfRequested(library, preprocessed)
            .Select(line => ObjectLikeMacro().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .Distinct()];

        Assert.True(macros.Count >= macrosMin, $"only {macros.Count} macros were found");
        Assert.Equal([], macros.Except(bound));
    }

    [Theory]
    [InlineData("Liburing", 36)]
    [InlineData("NvmeIoctl", 4)]
    [InlineData("Cuda", 100)]
    public async Task Every_struct_union_and_enum_with_a_tag_is_bound(string name, int tagsMin)
    {
        await RequireAsync();
        var library = Library.Of(name);
        HashSet<string> bound = [.. library.ReadIndex().Select(line => line.Spelling)];
        string preprocessed = await Headers.GccAsync("-E", library.UmbrellaPath);
        List<string> tags = [.. TaggedDefinition()
            .Matches(string.Join('\n', OfRequested(library, preprocessed)))
            .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")
            .Distinct()];

        Assert.True(tags.Count >= tagsMin, $"only {tags.Count} tags were found");
        Assert.Equal([], tags.Except(bound));
    }

    internal static async Task AssertAgreesAsync(
        CCompiler compiler, string header, IReadOnlyList<(string Key, string Value)> facts)
    {
        Dictionary<string, string> truth =
            await CCompilerFacts.AskAsync(compiler, header, [.. facts.Select(fact => fact.Key)]);
        List<string> differences = [.. facts
            .Where(fact => truth[fact.Key] != fact.Value)
            .Select(fact => $"{fact.Key}: gcc says {truth[fact.Key]}, C# says {fact.Value}")];
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(facts.Count, truth.Count);
    }

    private static Task AssertGccAgreesAsync(
        Library library, IReadOnlyList<(string Key, string Value)> facts) =>
        AssertAgreesAsync(
            CCompiler.Bindings,
            library.UmbrellaPath,
            [.. facts.Select(fact => IsOverridden(library, fact.Key)
                // The overlay changes this constant's type on purpose: C's value stays, the size is the
                // overlay's.
                ? (fact.Key.Replace("integer ", "integer (unsigned)", StringComparison.Ordinal), fact.Value)
                : fact)]);

    private static bool IsOverridden(Library library, string key) =>
        library == Library.NvmeIoctl && key.StartsWith("integer NVME_", StringComparison.Ordinal);

    private static Type TypeOf(string name) =>
        typeof(Liburing).Assembly.GetType($"NvmeGpu.Bindings.{name}", throwOnError: true)!;

    private static async Task RequireAsync()
    {
        Headers.Require();
        await Headers.RequireGccAsync();
    }

    // The lines that come from the library's own headers, by the preprocessor's line markers.
    private static IEnumerable<string> OfRequested(Library library, string preprocessed)
    {
        bool isRequested = false;
        foreach (string line in preprocessed.Split('\n'))
        {
            Match marker = LineMarker().Match(line);
            if (marker.Success)
            {
                string file = marker.Groups[1].Value;
                isRequested =
                    library.Requested.Any(wanted => file.EndsWith("/" + wanted, StringComparison.Ordinal));
            }
            else if (isRequested)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"^# \d+ ""([^""]+)""")]
    private static partial Regex LineMarker();

    [GeneratedRegex(@"^#define (\w+) +\S")]
    private static partial Regex ObjectLikeMacro();

    [GeneratedRegex(@"\b(struct|union|enum)\s+(\w+)\s*\{")]
    private static partial Regex TaggedDefinition();
}
