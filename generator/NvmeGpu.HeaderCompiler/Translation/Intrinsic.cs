using System.Collections.Generic;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>
/// A function whose C# is known: the prelude's (memory order), the compiler's builtins, and the few of libc
/// that headers use in bodies. <c>{0}</c> is the first argument, and so on, as primary expressions.
/// </summary>
/// <param name="ReturnsFirst">C's function returns its first argument, and the C# nothing.</param>
/// <param name="ParameterTypes">Types that the arguments are cast to, by position; null leaves one as it
/// is.</param>
internal sealed record Intrinsic(
    string Format, bool ReturnsFirst = false, string?[]? ParameterTypes = null, string? Result = null)
{
    private static readonly Dictionary<string, Intrinsic> s_all = new()
    {
        // native-headers/liburing.prelude.h: what it declares in place of liburing/barrier.h. READ_ONCE and
        // WRITE_ONCE are relaxed in C; .NET has nothing weaker than acquire and release.
        ["__nvg_load_acquire"] = new("Volatile.Read(ref *{0})"),
        ["__nvg_store_release"] = new("Volatile.Write(ref *{0}, {1})"),
        ["__nvg_load_relaxed"] = new("Volatile.Read(ref *{0})"),
        ["__nvg_store_relaxed"] = new("Volatile.Write(ref *{0}, {1})"),
        ["__nvg_full_barrier"] = new("Interlocked.MemoryBarrier()"),

        // The second argument is a guess about the first.
        ["__builtin_expect"] = new("{0}"),
        ["__builtin_expect_with_probability"] = new("{0}"),

        ["__builtin_bswap16"] = new("BinaryPrimitives.ReverseEndianness({0})", ParameterTypes: ["ushort"]),
        ["__builtin_bswap32"] = new("BinaryPrimitives.ReverseEndianness({0})", ParameterTypes: ["uint"]),
        ["__builtin_bswap64"] = new("BinaryPrimitives.ReverseEndianness({0})", ParameterTypes: ["ulong"]),
        ["__builtin_popcount"] = new("BitOperations.PopCount({0})", ParameterTypes: ["uint"]),
        ["__builtin_popcountl"] = new("BitOperations.PopCount({0})", ParameterTypes: ["ulong"]),
        ["__builtin_popcountll"] = new("BitOperations.PopCount({0})", ParameterTypes: ["ulong"]),
        ["__builtin_clz"] = new("BitOperations.LeadingZeroCount({0})", ParameterTypes: ["uint"]),
        ["__builtin_clzl"] = new("BitOperations.LeadingZeroCount({0})", ParameterTypes: ["ulong"]),
        ["__builtin_clzll"] = new("BitOperations.LeadingZeroCount({0})", ParameterTypes: ["ulong"]),
        ["__builtin_ctz"] = new("BitOperations.TrailingZeroCount({0})", ParameterTypes: ["uint"]),
        ["__builtin_ctzl"] = new("BitOperations.TrailingZeroCount({0})", ParameterTypes: ["ulong"]),
        ["__builtin_ctzll"] = new("BitOperations.TrailingZeroCount({0})", ParameterTypes: ["ulong"]),

        ["memset"] = new("NativeMemory.Fill({0}, {2}, {1})", true, ["void*", "byte", "nuint"]),
        ["memcpy"] = new("NativeMemory.Copy({1}, {0}, {2})", true, ["void*", "void*", "nuint"]),
        ["memmove"] = new("NativeMemory.Copy({1}, {0}, {2})", true, ["void*", "void*", "nuint"]),
        ["strlen"] =
            new("MemoryMarshal.CreateReadOnlySpanFromNullTerminated({0}).Length", false, ["byte*"], "int"),
    };

    public static Intrinsic VolatileRead { get; } = new("Volatile.Read(ref {0})");

    public static Intrinsic VolatileWrite { get; } = new("Volatile.Write(ref {0}, {1})");

    public static Intrinsic? Find(string function)
    {
        const string Builtin = "__builtin_";
        return s_all.TryGetValue(function, out Intrinsic? found) ? found
            : function.StartsWith(Builtin + "mem", System.StringComparison.Ordinal)
                || function == Builtin + "strlen"
                ? s_all.GetValueOrDefault(function[Builtin.Length..]) : null;
    }
}
