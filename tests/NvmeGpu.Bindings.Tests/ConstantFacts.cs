using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace NvmeGpu.Bindings.Tests;

/// <summary>Values of generated constants and enum members, read by reflection.</summary>
internal static class ConstantFacts
{
    private delegate ReadOnlySpan<byte> TextGetter();

    public static IEnumerable<(string Key, string Value)> OfClass(Type constants)
    {
        const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (FieldInfo field in constants.GetFields(Statics).Where(field => field.IsLiteral))
        {
            object value = field.GetRawConstantValue()!;
            yield return value is double or float
                ? ($"real {field.Name}", Real(value))
                : ($"integer {field.Name}", Integer(value));
        }
        foreach (PropertyInfo property in constants.GetProperties(Statics))
        {
            yield return property.PropertyType == typeof(ReadOnlySpan<byte>)
                ? ($"text {property.Name}",
                    Convert.ToHexStringLower(property.GetMethod!.CreateDelegate<TextGetter>()()))
                : ($"address {property.Name}", Address(property));
        }
    }

    /// <summary>
    /// Members are compared as C's int constants, the enum's size and sign by its own type.
    /// </summary>
    public static IEnumerable<(string Key, string Value)> OfEnum(Type type, string spelling)
    {
        yield return (
            $"integer ({spelling})0", Integer(Activator.CreateInstance(Enum.GetUnderlyingType(type))!));
        foreach (FieldInfo member in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            yield return ($"integer ({spelling}){member.Name}", Integer(member.GetRawConstantValue()!));
        }
    }

    private static string Real(object value)
    {
        byte[] bytes = BitConverter.GetBytes(Convert.ToDouble(value, CultureInfo.InvariantCulture));
        return $"{Convert.ToHexStringLower(bytes)} {Marshal.SizeOf(value)}";
    }

    private static unsafe string Address(PropertyInfo property) =>
        $"{(ulong)Pointer.Unbox(property.GetValue(null)!)}";

    private static string Integer(object value) =>
        $"{RuntimeLayout.AsUnsigned(value)} {Marshal.SizeOf(value)} "
        + (value is sbyte or short or int or long ? "1" : "0");
}
