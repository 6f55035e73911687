using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Asks a C compiler whose programs cannot run here: every fact is a constant in an object file, and is read
/// from there. The keys are those of <see cref="CCompilerFacts"/>; of a bit-field only the bytes with all of
/// its bits set are told, since a constant cannot be made by clearing bits.
/// </summary>
internal static class CrossCompilerFacts
{
    public static async Task<Dictionary<string, string>> AskAsync(
        CCompiler compiler, string header, IReadOnlyList<string> keys)
    {
        var source = new StringBuilder($"#include \"{header}\"\n{CCompilerFacts.Undefine(keys)}");
        for (int i = 0; i < keys.Count; i++)
        {
            source.Append(Definition(keys[i], i)).Append('\n');
        }
        using var folder = new TemporaryFolder();
        string program = folder.PathOf("facts.c");
        await File.WriteAllTextAsync(program, source.ToString(), TestContext.Current.CancellationToken);
        await compiler.RunAsync("-c", program, "-o", folder.PathOf("facts.o"));
        Dictionary<string, byte[]> sections = ObjectFile.ReadSections(folder.PathOf("facts.o"));
        return keys.Select((key, i) => (key, Value: ValueOf(key, i, sections))).ToDictionary(
            fact => fact.key, fact => fact.Value, StringComparer.Ordinal);
    }

    /// <summary>A fact as this class can tell it.</summary>
    public static string Known(string key, string value) =>
        key.StartsWith("bits ", StringComparison.Ordinal) ? value.Split(' ')[0] : value;

    private static string Definition(string key, int number)
    {
        (string kind, string rest, string type, string path) = CCompilerFacts.Split(key);
        return kind switch
        {
            "sizeof" => Numbers($"sizeof({rest})"),
            "alignof" => Numbers($"_Alignof({rest})"),
            "offsetof" => Numbers($"__builtin_offsetof({type}, {path})", $"sizeof((({type} *)0)->{path})"),
            "flexible" => Numbers($"__builtin_offsetof({type}, {path})"),
            "bits" => $"const {type} {Place(number, "")} = {{ .{path} = -1 }};",
            "integer" => Numbers(
                $"(unsigned long long)({rest})", $"sizeof({rest})", $"(__typeof__({rest}))-1 < 0"),
            "address" => Numbers($"(unsigned long long)({rest})"),
            "text" => $"const char {Place(number, "[]")} = {rest};",
            "real" => $"const double {Place(number, "")} = {rest};\n"
                + $"const unsigned long long {Place(number, "[]", "_size")} = {{ sizeof({rest}) }};",
            _ => throw new ArgumentException($"unknown kind of fact: {key}", nameof(key)),
        };

        string Numbers(params string[] values) =>
            $"const unsigned long long {Place(number, "[]")} = {{ {string.Join(", ", values)} }};";
    }

    private static string Place(int number, string brackets, string suffix = "") =>
        $"nvg_{number}{suffix}{brackets} __attribute__((section(\".nvg_{number}{suffix}\")))";

    private static string ValueOf(string key, int number, Dictionary<string, byte[]> sections)
    {
        byte[] bytes = sections[$".nvg_{number}"];
        return key[..key.IndexOf(' ')] switch
        {
            "bits" => Convert.ToHexStringLower(bytes),
            "text" => Convert.ToHexStringLower(bytes.AsSpan(0, bytes.Length - 1)),
            "real" => $"{Convert.ToHexStringLower(bytes)} {Numbers(sections[$".nvg_{number}_size"])}",
            _ => Numbers(bytes),
        };
    }

    private static string Numbers(byte[] bytes) => string.Join(' ', Enumerable.Range(0, bytes.Length / 8)
        .Select(i => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8)))
        .Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
