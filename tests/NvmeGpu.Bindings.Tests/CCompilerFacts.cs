using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// Asks gcc. A program is written that prints the fact for every key, is compiled with the headers, and run.
/// Keys:
/// <c>sizeof T</c>, <c>alignof T</c>, <c>offsetof T PATH</c> (offset and size), <c>flexible T PATH</c>,
/// <c>bits T FIELD</c>,
/// <c>integer NAME</c> (bits, size, sign), <c>address NAME</c>, <c>text NAME</c>, <c>real NAME</c>. Blanks in
/// T are kept.
/// </summary>
internal static class CCompilerFacts
{
    public static async Task<Dictionary<string, string>> AskAsync(
        CCompiler compiler, string header, IReadOnlyCollection<string> keys)
    {
        var source = new StringBuilder($$"""
            #include "{{header}}"
            {{Undefine(keys)}}extern int printf(const char *, ...);
            static void bytes(const void *address, unsigned long size)
            {
                for (unsigned long i = 0; i < size; i++) printf("%02x", ((const unsigned char *)address)[i]);
            }
            int main(void)
            {

            """);
        foreach (string key in keys)
        {
            source.Append($"    printf(\"{key}\\t\");\n    ").Append(StatementOf(key)).Append(
                "\n    printf(\"\\n\");\n");
        }
        source.Append("}\n");

        using var folder = new TemporaryFolder();
        string program = folder.PathOf("facts.c");
        await File.WriteAllTextAsync(program, source.ToString(), TestContext.Current.CancellationToken);
        await compiler.RunAsync(program, "-o", folder.PathOf("facts"));
        ChildResult result = await ChildProcess.RunAsync(folder.PathOf("facts"), []);
        Assert.Equal(0, result.ExitCode);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }

    /// <summary>Some members are hidden behind macros of the same names, defined after the type.</summary>
    public static string Undefine(IEnumerable<string> keys) => string.Concat(keys
        .Where(key => key.Split(' ')[0] is "offsetof" or "flexible" or "bits")
        .SelectMany(key => key[(key.LastIndexOf(' ') + 1)..].Split('.'))
        .Distinct()
        .Select(member => $"#undef {member}\n"));

    /// <summary>A key's kind, the rest of it, and the rest's type and member.</summary>
    public static (string Kind, string Text, string Type, string Path) Split(string key)
    {
        string kind = key[..key.IndexOf(' ')];
        string rest = key[(kind.Length + 1)..];
        int blank = rest.LastIndexOf(' ');
        return blank < 0 ? (kind, rest, rest, "") : (kind, rest, rest[..blank], rest[(blank + 1)..]);
    }

    private static string StatementOf(string key)
    {
        (string kind, string rest, string type, string path) = Split(key);
        return kind switch
        {
            "sizeof" => $"printf(\"%lu\", sizeof({rest}));",
            "alignof" => $"printf(\"%lu\", _Alignof({rest}));",
            "offsetof" =>
            $"printf(\"%lu %lu\", __builtin_offsetof({type}, {path}), sizeof((({type} *)0)->{path}));",
            "flexible" => $"printf(\"%lu\", __builtin_offsetof({type}, {path}));",
            "bits" => $$"""
                { {{type}} v; __builtin_memset(&v, 0, sizeof v); v.{{path}} = -1; bytes(&v, sizeof v);
                  printf(" %llu ", (unsigned long long)v.{{path}});
                  __builtin_memset(&v, 255, sizeof v); v.{{path}} = 0; bytes(&v, sizeof v); }
                """,
            "integer" =>
                $"printf(\"%llu %lu %d\", (unsigned long long)({rest}), sizeof({rest}), "
                    + $"(__typeof__({rest}))-1 < 0);",
            "address" => $"printf(\"%llu\", (unsigned long long)({rest}));",
            "text" => $"{{ static const char t[] = {rest}; bytes(t, sizeof t - 1); }}",
            "real" => $"{{ double d = {rest}; bytes(&d, sizeof d); printf(\" %lu\", sizeof({rest})); }}",
            _ => throw new ArgumentException($"unknown kind of fact: {key}", nameof(key)),
        };
    }
}
