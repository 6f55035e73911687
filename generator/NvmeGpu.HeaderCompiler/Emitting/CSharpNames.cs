using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Model;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>How names, types and literals are written in C#.</summary>
internal static class CSharpNames
{
    // Reserved words, and those that C# does not let a type be called or reads differently inside a property.
    private static readonly HashSet<string> s_keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class",
        "const", "continue", "decimal", "default", "delegate", "do", "double", "else", "enum", "event",
        "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if",
        "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly",
        "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct",
        "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while", "dynamic", "extension", "field", "file", "nint",
        "notnull", "nuint", "partial", "record", "required", "scoped", "unmanaged", "value", "var", "where",
        "yield",
    ];

    public static string Escape(string name) => s_keywords.Contains(name) ? "@" + name : name;

    public static string Of(NativeType type) => type switch
    {
        PrimitiveType primitive => primitive.Keyword,
        PointerType pointer => Of(pointer.Target) + "*",
        FunctionPointerType function => Of(function, isGCFree: false),
        RecordType record => Escape(record.Record.Name),
        EnumType { Enum: var model } => Escape(model.Name),
        ArrayType array => Of(array.Element) + "*",
        OpaqueBlockType => "void",
        _ => throw new System.Diagnostics.UnreachableException(type.ToString()),
    };

    public static string Of(FunctionPointerType function, bool isGCFree)
    {
        string convention = isGCFree ? "unmanaged[SuppressGCTransition]" : "unmanaged";
        string types = string.Join(", ", function.Parameters.Append(function.Result).Select(Of));
        return $"delegate* {convention}<{types}>";
    }

    /// <summary>A C# string literal.</summary>
    public static string Quote(string text)
    {
        var quoted = new System.Text.StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or > '~' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>
    /// An integer of the given C# type; large unsigned ones in hexadecimal, as masks and ioctls are read.
    /// </summary>
    public static string Literal(ulong bits, string keyword) => keyword switch
    {
        "sbyte" => $"{(sbyte)bits}",
        "short" => $"{(short)bits}",
        "int" => $"{(int)bits}",
        "long" or "nint" => $"{(long)bits}",
        "byte" => $"{(byte)bits}",
        "ushort" => $"{(ushort)bits}",
        "uint" => Unsigned((uint)bits),
        _ => Unsigned(bits),
    };

    /// <summary>The names of generated types that the type mentions.</summary>
    public static IEnumerable<string> DependenciesOf(NativeType type) => type switch
    {
        PointerType pointer => DependenciesOf(pointer.Target),
        ArrayType array => DependenciesOf(array.Element),
        FunctionPointerType function =>
            function.Parameters.Append(function.Result).SelectMany(DependenciesOf),
        RecordType record => [record.Record.Name],
        EnumType { Enum: var model } => [model.Name],
        _ => [],
    };

    private static string Unsigned(ulong value) => value > ushort.MaxValue ? $"0x{value:X}" : $"{value}";
}
