using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NvmeGpu.Bindings.Tests;

/// <summary>
/// What the C# runtime says about generated types, found with real instances: a field is filled with ones and
/// looked for in the instance's bytes. The numbers that the generator wrote into attributes are never read.
/// </summary>
internal static class RuntimeLayout
{
    /// <summary>Facts of a type in the form in which the C program prints them: key, then value.</summary>
    public static IEnumerable<(string Key, string Value)> Facts(Type type, string spelling)
    {
        int align = Generic<int>(nameof(AlignOf), type);
        // C may align a type more than C# can; then the type says so in a constant, which C must agree with.
        int native = (int?)type.GetField("NativeAlignment")?.GetRawConstantValue() ?? align;
        // An empty struct has no bytes in C and one in C#; then the type says so in a constant.
        int size = (int?)type.GetField("NativeSize")?.GetRawConstantValue()
            ?? Generic<int>(nameof(SizeOf), type);
        if (size == 0 && Generic<int>(nameof(SizeOf), type) != 1)
        {
            throw new InvalidOperationException($"{type} is empty in C and has more than one byte in C#");
        }
        yield return ($"sizeof {spelling}", $"{size}");
        yield return ($"alignof {spelling}", $"{native}");
        foreach ((string key, string value) in FieldFacts(type, spelling, "", 0, size))
        {
            yield return (key, value);
        }
    }

    /// <summary>Which bytes of an instance no field covers.</summary>
    public static bool[] Uncovered(Type type)
    {
        bool[] uncovered = [.. Enumerable.Repeat(true, Generic<int>(nameof(SizeOf), type))];
        foreach (FieldInfo field in Fields(type))
        {
            (int offset, int size) = Locate(type, field);
            uncovered.AsSpan(offset, size).Clear();
        }
        return uncovered;
    }

    private static IEnumerable<(string Key, string Value)> FieldFacts(
        Type type, string spelling, string prefix, int start, int total)
    {
        foreach (FieldInfo field in Fields(type).Where(field => field.IsPublic))
        {
            string path = prefix + CName(type, field.Name);
            (int offset, int size) = Locate(type, field);
            yield return ($"offsetof {spelling} {path}", $"{start + offset} {size}");
            if (field.FieldType.GetCustomAttribute<InlineArrayAttribute>() is not null
                && field.FieldType.GetField("_element0", BindingFlags.NonPublic | BindingFlags.Instance)
                    is { FieldType: { IsNested: true } element })
            {
                foreach ((string key, string value) in FieldFacts(
                    element, spelling, path + "[0].", start + offset, total))
                {
                    yield return (key, value);
                }
            }
            if (field.FieldType.IsNested && field.FieldType.Name.EndsWith(
                "_e__Struct", StringComparison.Ordinal)
                || field.FieldType.Name.EndsWith("_e__Union", StringComparison.Ordinal))
            {
                foreach ((string key, string value) in FieldFacts(
                    field.FieldType, spelling, path + ".", start + offset, total))
                {
                    yield return (key, value);
                }
            }
        }
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string path = prefix + CName(type, property.Name);
            if (property.PropertyType.IsPointer && !property.CanWrite)
            {
                yield return ($"flexible {spelling} {path}", $"{start + FlexibleOffset(type, property)}");
            }
            else
            {
                yield return ($"bits {spelling} {path}", BitsOf(type, property, start, total));
            }
        }
    }

    // A member that would have its type's name has an underscore behind it.
    private static string CName(Type type, string name) => name == type.Name + "_" ? type.Name : name;

    private static FieldInfo[] Fields(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            // It only aligns the type.
            .Where(field => field.Name != "_alignment")];

    private static (int Offset, int Size) Locate(Type type, FieldInfo field)
    {
        object box = RuntimeHelpers.GetUninitializedObject(type);
        field.SetValue(box, AllOnes(field.FieldType));
        byte[] bytes = Generic<byte[]>(nameof(BytesOf), type, box);
        int offset = Array.IndexOf(bytes, (byte)0xFF);
        int size = bytes.Count(b => b == 0xFF);
        if (offset < 0 || bytes.AsSpan(offset, size).ContainsAnyExcept((byte)0xFF))
        {
            throw new InvalidOperationException(
                $"{type}.{field.Name} is not one run of bytes: {Convert.ToHexString(bytes)}");
        }
        return (offset, size);
    }

    // What C's all-ones field looks like in memory, and what reading it back gives.
    private static string BitsOf(Type type, PropertyInfo property, int start, int total)
    {
        object box = RuntimeHelpers.GetUninitializedObject(type);
        property.SetValue(box, AllOnes(property.PropertyType));
        byte[] bytes = Generic<byte[]>(nameof(BytesOf), type, box);
        object value = property.GetValue(box)!;
        object number = property.PropertyType.IsEnum
            ? Convert.ChangeType(
            value, Enum.GetUnderlyingType(property.PropertyType), CultureInfo.InvariantCulture)
            : value;
        // In a full instance, clearing the field must leave every other bit alone.
        object full = Generic<object>(nameof(Ones), type);
        property.SetValue(full, Activator.CreateInstance(property.PropertyType));
        byte[] cleared = Generic<byte[]>(nameof(BytesOf), type, full);
        return $"{Within(bytes, 0)} {AsUnsigned(number)} {Within(cleared, 0xFF)}";

        // A nested struct's bytes, where they lie in the outer one.
        string Within(byte[] part, byte rest)
        {
            byte[] whole = [.. Enumerable.Repeat(rest, total)];
            part.CopyTo(whole, start);
            return Convert.ToHexStringLower(whole);
        }
    }

    /// <summary>An integer's 64 bits after C's conversion to unsigned long long.</summary>
    public static ulong AsUnsigned(object number) => number switch
    {
        ulong value => value,
        nuint value => value,
        nint value => (ulong)value,
        _ => unchecked((ulong)Convert.ToInt64(number, CultureInfo.InvariantCulture)),
    };

    private static unsafe int FlexibleOffset(Type type, PropertyInfo property)
    {
        object box = RuntimeHelpers.GetUninitializedObject(type);
        var handle = GCHandle.Alloc(box, GCHandleType.Pinned);
        try
        {
            var elements = (nint)Pointer.Unbox(property.GetValue(box)!);
            return (int)(elements - handle.AddrOfPinnedObject());
        }
        finally
        {
            handle.Free();
        }
    }

    private static object AllOnes(Type type) =>
        type.IsPointer || type.IsFunctionPointer ? (nint)(-1) : Generic<object>(nameof(Ones), type);

    private static T Generic<T>(string method, Type type, params object[] arguments) =>
        (T)typeof(RuntimeLayout)
        .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(type)
        .Invoke(null, arguments)!;

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();

    private static int AlignOf<T>() => Unsafe.SizeOf<AlignmentProbe<T>>() - Unsafe.SizeOf<T>();

    private static object Ones<T>()
        where T : unmanaged
    {
        T value = default;
        MemoryMarshal.AsBytes(new Span<T>(ref value)).Fill(0xFF);
        return value;
    }

    private static byte[] BytesOf<T>(object box)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in Unsafe.Unbox<T>(box))).ToArray();

    [StructLayout(LayoutKind.Sequential)]
    private struct AlignmentProbe<T>
    {
        public byte First;
        public T Second;
    }
}
