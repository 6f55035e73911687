using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace NvmeGpu.InlineFunctions.Runner;

/// <summary>
/// The assembly that Roslyn made of the translated functions and the generated wrappers: its class
/// DifferentialGlue has the
/// names of all items, their addresses, and the place for the address of the external functions' stub.
/// </summary>
internal sealed class ManagedSide
{
    private const BindingFlags Members =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Assembly _assembly;
    private readonly Type[] _translated;

    public ManagedSide(string path, NativeSide native)
    {
        _assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(path));
        Type glue = _assembly.GetTypes().Single(type => type.Name == "DifferentialGlue");
        glue.GetField("External", Members)!.SetValue(null, native.External);
        glue.GetField("Find", Members)!.SetValue(null, (Func<string, nint>)native.Find);
        Items = (string[])glue.GetField("Items", Members)!.GetValue(null)!;
        Calls = (nint[])glue.GetMethod("Addresses", Members)!.Invoke(null, null)!;
        _translated = (Type[])glue.GetField("Translated", Members)!.GetValue(null)!;
    }

    /// <summary>NAME of a function, or NAME#NUMBER of a mutant of it.</summary>
    public string[] Items { get; }

    /// <summary>Per item: void (ulong* arguments, byte* result), managed.</summary>
    public nint[] Calls { get; }

    /// <summary>In what the translated signature differs from gcc's, or null.</summary>
    public string? SignatureDifference(CFunction function)
    {
        MethodInfo method = _translated
            .Select(type => type.GetMethod(function.Name, Members | BindingFlags.Instance))
            .First(method => method is not null)!;
        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length != function.Parameters.Count)
        {
            return $"{parameters.Length} parameters where C has {function.Parameters.Count}";
        }
        foreach ((ParameterInfo parameter, CParameter c) in parameters.Zip(function.Parameters))
        {
            if (Difference(parameter.ParameterType, c) is { } difference)
            {
                return $"parameter {c.Name}: {difference}";
            }
        }
        return Difference(method.ReturnType, function.Result) is { } wrong ? $"result: {wrong}" : null;
    }

    /// <summary>The path of the field of a C type at an offset, for messages: <c>sq.sqe_tail</c>.</summary>
    public string FieldAt(string cType, int offset)
    {
        string name = cType.Split(' ').Last(part => part is not "*" and not "");
        Type? type = _assembly.GetTypes().FirstOrDefault(type => type.Name == name && type.IsValueType);
        var path = new List<string>();
        while (type is not null && !type.IsPrimitive && !type.IsPointer)
        {
            FieldInfo? best = null;
            int bestOffset = 0;
            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                int start =
                    field.GetCustomAttribute<System.Runtime.InteropServices.FieldOffsetAttribute>()?.Value
                        ?? 0;
                if (start <= offset && (best is null || start > bestOffset))
                {
                    (best, bestOffset) = (field, start);
                }
            }
            if (best is null || best.FieldType == type)
            {
                break;
            }
            path.Add(best.Name);
            (type, offset) = (best.FieldType, offset - bestOffset);
        }
        return string.Join('.', path) + (offset > 0 ? $"+{offset}" : "");
    }

    private static string? Difference(Type type, CParameter c)
    {
        (char kind, int size) = Describe(type);
        return kind == c.Kind && size == c.SizeBytes
            ? null
            : $"{type} ({kind}{size}) where C has {c.Type} ({c.Kind}{c.SizeBytes})";
    }

    private static (char Kind, int SizeBytes) Describe(Type type)
    {
        if (type == typeof(void))
        {
            return ('v', 0);
        }
        if (type.IsPointer || type.IsFunctionPointer)
        {
            return ('p', 8);
        }
        if (type.IsEnum)
        {
            type = type.GetEnumUnderlyingType();
        }
        int size = (int)typeof(ManagedSide).GetMethod(nameof(SizeOf), Members)!.MakeGenericMethod(type)
            .Invoke(null, null)!;
        char kind = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => 'b',
            TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 => 'i',
            TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64 => 'u',
            TypeCode.Single or TypeCode.Double => 'f',
            _ when type == typeof(nint) => 'i',
            _ when type == typeof(nuint) => 'u',
            _ => 's',
        };
        return (kind, size);
    }

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();
}
