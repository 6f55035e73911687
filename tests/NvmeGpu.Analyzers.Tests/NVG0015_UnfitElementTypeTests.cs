using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class UnfitElementTypeTests
{
    private const string Types = """

        struct Named { public int Id; public string Name; }
        struct Flagged { public int Id; public bool IsLast; }
        struct Lettered { public char Drive; }
        unsafe struct Text { public fixed char Path[16]; }
        struct Outer { public long Id; public Flagged Inner; }
        [StructLayout(LayoutKind.Auto)] struct Loose { public byte A; public long B; }
        [StructLayout((short)3)] struct LooseByNumber { public byte A; }
        struct Property { public bool IsLast { get; set; } }
        struct Endless<T> { public T Value; public string Name; }
        [InlineArray(4)] struct Four { bool first; }
        ref struct Referring { public ref byte Start; }

        struct Plain { public long Id; public Guid Name; public decimal Price; }
        [StructLayout(LayoutKind.Explicit)] struct Union { [FieldOffset(0)] public int I; [FieldOffset(0)] public float F; }
        unsafe struct Pointing { public void* Start; public bool* Flags; public nint Handle; public delegate*<bool> Call; }
        struct Shared { public static string Name; public const bool IsLast = true; public int Id; }
        enum Level : byte { Low }
        [StructLayout(LayoutKind.Sequential, Pack = 1)] struct Packed { public Level Level; public long Id; }
        struct Slot { public RegisteredRegion Region; public string Name; }
        """;

    [Theory]
    [InlineData("Named")]
    [InlineData("Flagged")]
    [InlineData("Lettered")]
    [InlineData("Text")]
    [InlineData("Outer")]
    [InlineData("Loose")]
    [InlineData("LooseByNumber")]
    [InlineData("Property")]
    [InlineData("Endless<int>")]
    [InlineData("Endless<Endless<int>>")]
    [InlineData("Four")]
    [InlineData("bool")]
    [InlineData("char")]
    [InlineData("DateTime")]
    [InlineData("DateTimeOffset")]
    [InlineData("(int, long)")]
    [InlineData("bool?")]
    [InlineData("Span<byte>")]
    public Task Memory_of_a_type_that_has_no_meaning_outside_is_not_handed_over(string type) =>
        InMethod($"{type}* p = null; ring.Read({{|NVG0015:p|}}, 1); sqe->addr = {{|NVG0015:(ulong)p|}};");

    [Theory]
    [InlineData("byte")]
    [InlineData("sbyte")]
    [InlineData("ulong")]
    [InlineData("double")]
    [InlineData("nint")]
    [InlineData("Half")]
    [InlineData("Int128")]
    [InlineData("TimeSpan")]
    [InlineData("Plain")]
    [InlineData("Union")]
    [InlineData("Pointing")]
    [InlineData("Shared")]
    [InlineData("Level")]
    [InlineData("Packed")]
    [InlineData("byte*")]
    [InlineData("bool*")]
    [InlineData("iovec")]
    [InlineData("int?*")]
    public Task Memory_with_a_fixed_layout_of_numbers_and_addresses_is_fine(string type) =>
        InMethod($"{type}* p = null; ring.Read(p, 1); sqe->addr = (ulong)p;");

    [Theory]
    [InlineData("ring.Read({|NVG0015:(void*)flags|}, 1);")]
    [InlineData("ring.Read({|NVG0015:flags + 4|}, 1);")]
    [InlineData("ring.Read({|NVG0015:&flags[n]|}, 1);")]
    [InlineData("void* q = flags; ring.Read({|NVG0015:q|}, 1);")]
    [InlineData("nuint a = (nuint)flags; ring.ReadAt({|NVG0015:a + 16|});")]
    [InlineData("ring.Read(flag ? {|NVG0015:flags|} : null, 1);")]
    [InlineData("bool one = true; ring.Read({|NVG0015:&one|}, 1);")]
    [InlineData("var b = new bool[1]; ring.Read({|NVG0015:Unsafe.AsPointer(ref b[0])|}, 1);")]
    [InlineData("var b = new char[1]; ring.Read({|NVG0015:(void*)Marshal.UnsafeAddrOfPinnedArrayElement(b, "
    + "0)|}, 1);")]
    [InlineData("fixed (char* text = \"path\") { ring.Read({|NVG0015:text|}, 8); }")]
    [InlineData("_ = new iovec { iov_base = {|NVG0015:flags|}, iov_len = 1 };")]
    [InlineData("ring.Read({|NVG0015:(byte*)named|}, 1);")]
    [InlineData("void* q = (byte*)named + 8; ring.Read({|NVG0015:q|}, 1);")]
    [InlineData("Own.Fill<bool>({|NVG0015:new bool[4]|});")]
    [InlineData("Own.Fill({|NVG0015:stackalloc char[4]|});")]
    [InlineData("Own.Fill({|NVG0015:new string[4]|});")]
    [InlineData("Named one = default; Own.FillOne(ref {|NVG0015:one|});")]
    [InlineData("Flagged one = default; Own.FillOne(ref {|NVG0015:one|});")]
    [InlineData("Ring.ReadFixed(out *sqe, 3, {|NVG0015:flags|}, 1, 0, 0);")]
    [InlineData("Own.Copy({|NVG0015:flags|});")]
    public Task The_type_is_found_behind_casts_arithmetic_and_locals(string statements) =>
        InMethod(statements);

    [Theory]
    [InlineData("ring.Read((byte*)flags, 1);")]
    [InlineData("void* q = (byte*)flags; ring.Read(q, 1);")]
    [InlineData("fixed (char* text = \"path\") { ring.Read((byte*)text, 8); }")]
    [InlineData("Own.Fill(MemoryMarshal.AsBytes(new char[4].AsSpan()));")]
    public Task A_cast_to_a_pointer_to_bytes_is_the_program_s_decision(string statements) =>
        InMethod(statements);

    [Theory]
    [InlineData("ring.Read(flagged + 1, 64);")]
    [InlineData("sqe->addr = (ulong)(flagged + 1);")]
    [InlineData("_ = new iovec { iov_base = flagged + 1, iov_len = 64 };")]
    [InlineData("void* body = flagged + 1; ring.Read(body, 64);")]
    [InlineData("ring.Read({|NVG0015:flagged + 2|}, 64);")]
    [InlineData("ring.Read({|NVG0015:flags + 1|}, 64);")]
    public Task What_lies_behind_a_header_has_not_the_header_s_type(string statements) =>
        InMethod(statements);

    [Theory]
    [InlineData("Own.Queue(flagged);")]
    [InlineData("Own.Queue({|NVG0015:(Flagged*)named|});")]
    public Task A_method_of_the_program_that_names_the_type_is_looked_at_itself(string statements) =>
        InMethod(statements);

    [Theory]
    [InlineData("RegisteredRegion region = default; Own.FillOne(ref region);")]
    [InlineData("Slot slot = default; Own.FillOne(ref slot);")]
    [InlineData("Memory<byte> memory = default; Own.FillOne(ref memory);")]
    [InlineData("Buffer buffer = Buffer.Allocate(1); Own.FillOne(ref buffer);")]
    public Task A_value_that_denotes_memory_is_not_the_memory(string statements) => InMethod(statements);

    [Theory]
    [InlineData("void* p = flags; p = null; ring.Read(p, 1);")]
    [InlineData("ring.Peek(flags);")]
    [InlineData("ring.Read(null, 0); ring.Read((bool*)null, 0); sqe->addr = 0;")]
    [InlineData("Own.Unread(named); Own.Unread(flags);")]
    [InlineData("Own.Position(flag);")]
    public Task What_is_not_handed_over_as_memory_is_left_alone(string statements) => InMethod(statements);

    [Fact]
    public Task A_type_parameter_says_nothing() => RuleTest.Program<UnfitElementType>("""
        unsafe class Generic<T> where T : unmanaged
        {
            void Run(Ring ring, T* p, T[] array) { ring.Read(p, 1); }
        }
        """);

    [Theory]
    [InlineData("[KernelRetains(Until.Completion)] {|NVG0015:bool*|} flags")]
    [InlineData("[KernelRetains(Until.Completion)] {|NVG0015:Named*|} p")]
    [InlineData("[KernelRetains(Until.Submit)] {|NVG0015:string|} path")]
    [InlineData("[KernelRetains(Until.Completion)] {|NVG0015:byte[]|} buffer")]
    [InlineData("[KernelRetains(Until.Completion)] void* p, {|NVG0015:bool|} isLast")]
    [InlineData("[KernelRetains(Until.Completion)] in {|NVG0015:Flagged|} one")]
    [InlineData("[Aligned(512)] long offset, {|NVG0015:char|} letter")]
    public Task A_native_function_with_contracts_declares_what_C_has(string parameters) =>
        InClass($"[DllImport(\"c\")] static extern int read({parameters});");

    [Theory]
    [InlineData("[DllImport(\"c\")] static extern int open(string path, bool create);")]
    [InlineData("[DllImport(\"c\"), MayBlock] static extern int open(string path, byte[] buffer, Action "
    + "call, Buffer owner);")]
    [InlineData("[DllImport(\"c\")] static extern int read([KernelRetains(Until.Completion)] void* p, "
    + "[MarshalAs(UnmanagedType.U1)] bool isLast);")]
    [InlineData("[DllImport(\"c\")] static extern int read([KernelRetains(Until.Completion)] Plain* p, int "
    + "n, in Plain one);")]
    [InlineData("[DllImport(\"c\")] static extern int read([KernelRetains(Until.Completion, Opaque = true)] "
    + "void* p);")]
    [InlineData("static int Read([KernelRetains(Until.Completion)] void* p, bool isLast, string name) => 0;")]
    public Task What_the_marshaller_does_right_is_left_alone(string declaration) => InClass(declaration);

    [Fact]
    public Task Without_marshalling_a_bool_is_one_byte() => RuleTest.Program<UnfitElementType>("""
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;
        [assembly: DisableRuntimeMarshalling]
        static class Native { [DllImport("c"), MayBlock] static extern int read(bool isLast, char letter); }
        """);

    private static Task InMethod(string statements) => RuleTest.Program<UnfitElementType>($$"""
        #pragma warning disable CS8500
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe class Program
        {
            void Run(io_uring_sqe* sqe, Ring ring, bool flag, int n, bool* flags, Named* named, Flagged* flagged)
            {
                {{statements}}
            }
        }

        static unsafe class Own
        {
            public static void Queue([KernelRetains(Until.Completion)] Flagged* request) { }
            public static void Fill<T>([KernelRetains(Until.Completion)] Span<T> into) { }
            public static void FillOne<T>([KernelRetains(Until.Completion)] ref T into) { }
            public static void Copy([PageLocked] void* from) { }
            public static void Unread([KernelRetains(Until.Completion, Opaque = true)] void* data) { }
            public static void Position([Aligned(512)] bool isRaw) { }
        }
        {{Types}}
        """);

    private static Task InClass(string declaration) => RuleTest.Program<UnfitElementType>($$"""
        #pragma warning disable CS8500
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        static unsafe class Native
        {
            {{declaration}}
        }
        {{Types}}
        """);
}
