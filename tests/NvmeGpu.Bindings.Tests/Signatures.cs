using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// The shape of a function's type in words that C and C# share: <c>i4</c>, <c>u8</c>, <c>f8</c>, <c>*</c> for
/// a pointer, a struct by its name, and <c>(parameters)result</c>.
/// </summary>
internal static class Signatures
{
    public static string Integer(bool isSigned, string sizeBytes) => (isSigned ? "i" : "u") + sizeBytes;

    public static string Record(string name) => $"{{{name}}}";

    public static string Function(IEnumerable<string> parameters, string result) =>
        $"({string.Join(',', parameters)}){result}";

    /// <param name="spellings">The C names of generated types, by their C# names.</param>
    public static string Of(Type type, IReadOnlyDictionary<string, string> spellings)
    {
        if (type.IsFunctionPointer)
        {
            return Function(
                type.GetFunctionPointerParameterTypes().Select(parameter => Of(parameter, spellings)),
                Of(type.GetFunctionPointerReturnType(), spellings));
        }
        if (type.IsPointer)
        {
            return "*" + Of(type.GetElementType()!, spellings);
        }
        if (type.IsEnum)
        {
            return Of(Enum.GetUnderlyingType(type), spellings);
        }
        if (type == typeof(void))
        {
            return "void";
        }
        if (type == typeof(nint) || type == typeof(nuint))
        {
            return Integer(type == typeof(nint), "8");
        }
        if (type == typeof(float) || type == typeof(double))
        {
            return $"f{Marshal.SizeOf(type)}";
        }
        if (type.IsPrimitive)
        {
            bool isSigned = type == typeof(sbyte) || type == typeof(short) || type == typeof(int)
                || type == typeof(long);
            return Integer(isSigned, $"{Marshal.SizeOf(type)}");
        }
        string spelling = spellings[type.Name];
        return Record(spelling[(spelling.IndexOf(' ') + 1)..]);
    }

    /// <summary>The function pointers of a table, by the name that the library exports.</summary>
    public static IEnumerable<(string Name, Type Pointer)> OfTable(Type table, IEnumerable<IndexLine> index)
    {
        const BindingFlags Fields = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        foreach (IndexLine line in index.Where(line => line.Kind == "function"))
        {
            FieldInfo field = table.GetField(line.Name, Fields)
                ?? table.GetField(line.Name + "_pointer", Fields)
                ?? throw new InvalidOperationException($"{table} has no function {line.Name}");
            yield return (line.Spelling, field.FieldType);
        }
    }
}
