using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// The C side of a run: the untouched header, our arena, a wrapper per inline function, a stub per external
/// one. Compiled with optimisation, since its answers must not depend on that, and with the two options under
/// which C is as defined as C# is: overflow wraps, and memory has no types.
/// </summary>
internal static class NativeSideBuilder
{
    public static async Task BuildAsync(
        HeaderUnderTest header,
        IReadOnlyList<CFunctionDeclaration> functions,
        IReadOnlyList<string> externals,
        string output,
        CancellationToken cancellation)
    {
        string source = output + ".c";
        await File.WriteAllTextAsync(source, Source(header, functions, externals), cancellation);
        await Gcc.RunAsync(
            "-O2", "-fwrapv", "-fno-strict-aliasing", "-fPIC", "-shared", "-fvisibility=hidden", source, "-o",
            output);
    }

    private static string Source(
        HeaderUnderTest header, IReadOnlyList<CFunctionDeclaration> functions,
        IReadOnlyList<string> externals)
    {
        var text = new StringBuilder();
        text.Append($"#include \"{header.Included}\"\n");
        text.Append($"#include \"{HeaderUnderTest.Own("differential.h")}\"\n");
        text.Append($"#include \"{header.Arena}\"\n");

        Dictionary<string, CFunctionDeclaration> declared = functions
            .Where(function => !function.IsInline)
                .ToDictionary(function => function.Name, StringComparer.Ordinal);
        List<CFunctionDeclaration> stubs = [.. externals.Select(name => declared[name])];
        foreach ((int id, CFunctionDeclaration stub) in stubs.Index())
        {
            AppendStub(text, id, stub);
        }
        text.Append("const char *const nvg_external_names[] = { ")
            .AppendJoin("", stubs.Select(stub => $"\"{stub.Name}\", ")).Append("0 };\n");
        text.Append("const unsigned nvg_external_pointers[] = { ")
            .AppendJoin("", stubs.Select(stub => $"{PointerMask(stub)}, ")).Append("0 };\n");

        List<CFunctionDeclaration> inlines = [.. functions.Where(function => function.IsInline)];
        foreach ((int id, CFunctionDeclaration function) in inlines.Index())
        {
            AppendWrapper(text, id, function);
        }
        text.Append("NVG_EXPORT const struct nvg_function nvg_functions[] = {\n");
        foreach ((int id, CFunctionDeclaration function) in inlines.Index())
        {
            text.Append($"    {{ \"{function.Name}\", nvg_w{id}, &nvg_r{id}, nvg_p{id}, "
                + $"{function.Parameters.Count} }},\n");
        }
        return text.Append("    { 0 }\n};\n").ToString();
    }

    private static void AppendWrapper(StringBuilder text, int id, CFunctionDeclaration function)
    {
        string call =
            $"{function.Name}({string.Join(", ", function.Parameters.Select(parameter => parameter.Name))})";
        text.Append($"static void nvg_w{id}(nvg_u64 *nvg_a, void *nvg_r)\n{{\n");
        foreach ((int i, CVariable parameter) in function.Parameters.Index())
        {
            text.Append($"    {parameter.Declaration};\n    NVG_TAKE({parameter.Name}, {i});\n");
        }
        text.Append(function.Result is "void"
            ? $"    {call};\n"
            : $"    {function.Result} nvg_v = {call};\n    __builtin_memcpy(nvg_r, &nvg_v, "
            + "sizeof(nvg_v));\n");
        text.Append("}\n");
        text.Append($"static const struct nvg_type nvg_r{id} = {TypeEntry("", function.Result)};\n");
        text.Append($"static const struct nvg_type nvg_p{id}[] = {{ ");
        text.AppendJoin(
            "", function.Parameters.Select(parameter => TypeEntry(parameter.Name, parameter.Type) + ", "));
        text.Append("{ 0 } };\n");
    }

    private static string TypeEntry(string name, string type) => type is "void"
        ? $"{{ \"{name}\", \"void\", 0, 'v' }}"
        : $"{{ \"{name}\", \"{type}\", sizeof({type}), NVG_KIND({type}) }}";

    private static void AppendStub(StringBuilder text, int id, CFunctionDeclaration stub)
    {
        text.Append($"NVG_EXPORT {stub.Result} {stub.Name}(");
        text.AppendJoin(", ", stub.Parameters.Select(parameter => parameter.Declaration)
            .DefaultIfEmpty("void"));
        text.Append(")\n{\n    nvg_u64 nvg_a[] = { ");
        text.AppendJoin("", stub.Parameters.Select(parameter => $"NVG_SLOT({parameter.Name}), "));
        text.Append($"0 }};\n    nvg_u64 nvg_r = nvg_external({id}, {stub.Parameters.Count}, nvg_a);\n");
        text.Append(stub.Result is "void"
            ? "}\n"
            : $"    {stub.Result} nvg_v;\n    __builtin_memcpy(&nvg_v, &nvg_r, sizeof(nvg_v));\n    return "
            + $"nvg_v;\n}}\n");
    }

    private static uint PointerMask(CFunctionDeclaration stub) => stub.Parameters.Index()
        .Where(pair => pair.Item.Type.Contains('*'))
        .Aggregate(0u, (mask, pair) => mask | (1u << pair.Index));
}
