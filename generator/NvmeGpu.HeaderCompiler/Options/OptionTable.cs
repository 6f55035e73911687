using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.HeaderCompiler.Emitting;

namespace NvmeGpu.HeaderCompiler.Options;

/// <summary>
/// Every option of ClangSharp's generator under its own name, either with an effect here or with the reason
/// why there is none, and the few that are ours. A response file written for one of the two tools is
/// understood by the other, or refused in one sentence.
/// </summary>
internal static class OptionTable
{
    private static readonly Dictionary<string, Option> s_options = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string?> s_configurations = new(StringComparer.Ordinal)
    {
        // Null: this is what the compiler does anyway. Otherwise why it does not.
        ["default-codegen"] = null,
        ["latest-codegen"] = null,
        ["preview-codegen"] = null,
        ["compatible-codegen"] = "only .NET 10 and later are supported",
        ["multi-file"] = null,
        ["single-file"] = "types, enums, constants and functions have a file each",
        ["unix-types"] = null,
        ["windows-types"] = "only 64-bit Linux targets are supported",
        ["exclude-anonymous-field-helpers"] = null,
        ["exclude-com-proxies"] = null,
        ["exclude-default-remappings"] = "size_t and the intN_t names always have their C# counterparts",
        ["exclude-empty-records"] = "opaque handles are needed as types",
        ["exclude-enum-operators"] = null,
        ["exclude-fnptr-codegen"] = "functions are function pointers, nothing else",
        ["exclude-funcs-with-body"] = null,
        ["exclude-using-statics-for-enums"] = null,
        ["explicit-vtbls"] = "C has no virtual functions",
        ["implicit-vtbls"] = null,
        ["trimmable-vtbls"] = "C has no virtual functions",
        ["generate-tests-nunit"] = "layouts are tested against the C compiler, not against generated numbers",
        ["generate-tests-xunit"] = "layouts are tested against the C compiler, not against generated numbers",
        ["generate-aggressive-inlining"] = null,
        ["generate-callconv-member-function"] = "C has no member functions",
        ["generate-cpp-attributes"] = "only C is supported",
        ["generate-disable-runtime-marshalling"] =
            "an assembly attribute would change the consumer's whole assembly",
        ["generate-doc-includes"] = "summaries come from the overlay",
        ["generate-file-scoped-namespaces"] = null,
        ["generate-guid-member"] = "C types have no GUIDs",
        ["generate-macro-bindings"] = null,
        ["generate-marker-interfaces"] = "C has no inheritance",
        ["generate-native-bitfield-attribute"] = "a bit-field's NativeTypeName has its width",
        ["generate-native-inheritance-attribute"] = "C has no inheritance",
        ["generate-generic-pointer-wrapper"] = "pointers are pointers",
        ["generate-setslastsystemerror-attribute"] = "function pointers cannot keep errno",
        ["generate-template-bindings"] = "only C is supported",
        ["generate-unmanaged-constants"] = "constants are const",
        ["generate-vtbl-index-attribute"] = "C has no virtual functions",
        ["strip-enum-member-type-name"] = "names are those of C",
        ["log-potential-typedef-remappings"] = "an overlay's 'names typedef' applies them",
    };

    static OptionTable()
    {
        // ClangSharp's, accepted.
        Add(["--additional", "-a"], (options, value, _) => options.Additional.Add(value), takesDashes: true);
        Add(["--config", "-c"], (options, value, _) => Configure(options, value));
        Add(["--define-macro", "-D"], (options, value, _) => options.Defines.Add(value));
        Add(["--exclude", "-e"], (options, value, _) => options.Excludes.Add(value));
        Add(["--include", "-i"], (options, value, _) => options.Includes.Add(value));
        Add(["--file", "-f"], (options, value, folder) => options.Files.Add(FullPath(folder, value)));
        Add(["--include-directory", "-I"],
            (options, value, folder) => options.IncludeDirectories.Add(FullPath(folder, value)));
        Add(["--libraryPath", "-l"], (options, value, _) => options.LibraryPath = value);
        Add(["--methodClassName", "-m"], (options, value, _) => options.ClassName = Identifier(
            "--methodClassName", value, mayHaveDots: false));
        Add(["--namespace", "-n"], (options, value, _) => options.Namespace = Identifier(
            "--namespace", value, mayHaveDots: true));
        Add(["--output", "-o"], (options, value, folder) => options.Output = FullPath(folder, value));
        Add(["--remap", "-r"], (options, value, _) => Remap(options, value));
        Add(["--std", "-std"], (options, value, _) => options.Standard = value);
        Add(["--traverse", "-t"], (options, value, folder) => options.Traverse.Add(
            value.StartsWith("./", StringComparison.Ordinal)
                || value.StartsWith("../", StringComparison.Ordinal)
                ? FullPath(folder, value)
                : value));
        Add(["--with-access-specifier", "-was"], (options, value, _) => AccessSpecifier(options, value));
        Add(["--with-suppressgctransition", "-wsgct"], (
            options, value, _) => options.SuppressGCTransition.Add(value));
        Add(["--with-type", "-wt"], (options, value, _) => Pair("--with-type", value, options.Types));
        Add(["--language", "-x"], (_, value, _) => Only(
            "--language", value, "c", "only C headers are understood"));
        Add(["--output-mode", "-om"], (_, value, _) => Only(
            "--output-mode", value, "CSharp", "only C# is written"));

        // ClangSharp's, refused.
        Refuse(["--file-directory", "-F"], "paths in a response file are relative to the response file");
        Refuse(["--headerFile", "-hf"], "each file starts with where it comes from");
        Refuse(["--prefixStrip", "-p"], "names are those of C");
        Refuse(["--nativeTypeNamesToStrip"], "names are those of C");
        Refuse(["--test-output", "-to"],
            "layouts are tested against the C compiler, not against generated numbers");
        Refuse(["--with-attribute", "-wa"],
            "use 'attribute NAME = ...' in the overlay, which checks that NAME exists");
        Refuse(["--with-callconv", "-wcc"], "the supported targets have one calling convention");
        Refuse(["--with-class", "-wc"], "a library has one class for constants and one for functions");
        Refuse(["--with-guid", "-wg"], "C types have no GUIDs");
        Refuse(["--with-length", "-wl"], "lengths of arrays are those of C");
        Refuse(["--with-librarypath", "-wlb"], "the caller of a function table chooses the library");
        Refuse(["--with-manual-import", "-wmi"], "every function is a function pointer already");
        Refuse(["--with-namespace", "-wn"], "a library has one namespace");
        Refuse(["--with-packing", "-wp"], "the layout is the C compiler's");
        Refuse(["--with-setlasterror", "-wsle"], "function pointers cannot keep errno");
        Refuse(["--with-transparent-struct", "-wts"], "typedefs are resolved");
        Refuse(["--with-using", "-wu"], "the files name all that they use");

        // Ours.
        Add(["--target"], (options, value, _) => options.Target = Triple("--target", value));
        Add(["--compare-target"], (options, value, _) => options.CompareTarget = Triple(
            "--compare-target", value));
        Add(["--compare-include-directory"], (options, value, folder) =>
            options.CompareIncludeDirectories.Add(FullPath(folder, value)));
        Add(["--overlay"], (options, value, folder) => options.OverlayPath = FullPath(folder, value));
        Add(["--inline-output"], (options, value, folder) => options.InlineOutput = FullPath(folder, value));
        Add(["--lock"], (options, value, folder) => options.LockPath = FullPath(folder, value));
    }

    /// <summary>The option of this name, or null.</summary>
    public static Option? Find(string name) => s_options.GetValueOrDefault(name);

    /// <summary>Every option once.</summary>
    public static IEnumerable<Option> All => s_options.Values.Distinct();

    /// <summary>Every value of --config, and why it is refused; null when it is not.</summary>
    public static IEnumerable<(string Name, string? Refusal)> Configurations =>
    [
        .. s_configurations.Select(pair => (pair.Key, pair.Value)),
        ("generate-helper-types", null),
        ("log-exclusions", null),
        ("log-visited-files", null),
    ];

    private static void Configure(CompilerOptions options, string value)
    {
        if (value is "log-exclusions")
        {
            options.LogsExclusions = true;
            return;
        }
        if (value is "exclude-funcs-with-body")
        {
            options.ExcludesBodies = true;
            return;
        }
        if (value is "generate-helper-types")
        {
            options.WritesHelperTypes = true;
            return;
        }
        if (value is "log-visited-files")
        {
            options.ListsHeaders = true;
            return;
        }
        if (!s_configurations.TryGetValue(value, out string? refusal))
        {
            throw new CompilerException(
                $"--config {value}: this configuration is not known; correct it, or see --help");
        }
        if (refusal is not null)
        {
            throw new CompilerException($"--config {value} is not supported: {refusal}; remove it");
        }
    }

    private static void Pair(string option, string value, Dictionary<string, string> pairs)
    {
        int equals = value.IndexOf('=');
        if (equals <= 0 || equals == value.Length - 1)
        {
            throw new CompilerException($"{option} {value}: this is not NAME=VALUE; correct it");
        }
        pairs[value[..equals]] = value[(equals + 1)..];
    }

    private static void Only(string option, string value, string only, string reason)
    {
        if (value != only)
        {
            throw new CompilerException(
                $"{option} {value} is not supported: {reason}; use {only}, or leave it out");
        }
    }

    private static void Remap(CompilerOptions options, string value)
    {
        Pair("--remap", value, options.Remaps);
        string name = value[(value.IndexOf('=') + 1)..];
        if (!IsIdentifier(name))
        {
            throw new CompilerException($"--remap {value}: {name} is no C# name; correct it");
        }
    }

    private static void AccessSpecifier(CompilerOptions options, string value)
    {
        Pair("--with-access-specifier", value, options.AccessSpecifiers);
        string specifier = value[(value.IndexOf('=') + 1)..];
        if (specifier is not ("public" or "internal" or "private")
            || (specifier == "private" && value.StartsWith('*')))
        {
            throw new CompilerException(
                $"--with-access-specifier {value} is not supported: nothing that is generated has heirs, and "
                + "a "
                    + "type is public or internal; use NAME=public, NAME=internal or, for a member, "
                    + "NAME=private");
        }
    }

    private static string Triple(string option, string value) =>
        value.Split('-') is ["x86_64" or "aarch64", .., "linux", _]
            ? value
            : throw new CompilerException(
                $"{option} {value} is not supported: only 64-bit Linux targets are; use x86_64-linux-gnu or "
                    + "aarch64-linux-gnu");

    private static string Identifier(string option, string value, bool mayHaveDots)
    {
        return (mayHaveDots ? value.Split('.') : [value]).All(IsIdentifier)
            ? value
            : throw new CompilerException($"{option} {value}: this is no C# name; correct it");
    }

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.AsSpan().ContainsOnlyNameCharacters()
        && CSharpNames.Escape(text) == text;

    private static bool ContainsOnlyNameCharacters(this ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }
        return true;
    }

    private static string FullPath(string folder, string value) => Path.GetFullPath(value, folder);

    private static void Add(
        string[] names, Action<CompilerOptions, string, string> apply, bool takesDashes = false) =>
        Register(new Option(names, apply, takesDashes, Refusal: null));

    private static void Refuse(string[] names, string reason) =>
        Register(new Option(names, (_, _, _) => { }, TakesDashes: false, reason));

    private static void Register(Option option)
    {
        foreach (string name in option.Names)
        {
            s_options.Add(name, option);
        }
    }
}

/// <param name="Apply">Takes the options, one value, and the folder that relative paths start from.</param>
/// <param name="TakesDashes">Whether a value may begin with a dash, as an argument for clang does.</param>
/// <param name="Refusal">Why the option has no effect here; null when it has.</param>
internal sealed record Option(
    string[] Names, Action<CompilerOptions, string, string> Apply, bool TakesDashes, string? Refusal);
